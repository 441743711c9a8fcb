package dev.assay.scenes.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.judge.JudgePrompt;
import dev.assay.judge.Order;
import dev.assay.prompt.Grid;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence;
import dev.assay.scenes.recipe.JudgeExample.Captions;
import dev.assay.scenes.recipe.JudgeExample.Changes;
import dev.assay.scenes.recipe.JudgeExample.Statement;
import dev.assay.scenes.source.Split;
import dev.assay.train.LabelledRow;
import dev.assay.train.LabelledRow.Label;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What the judge of Scenes is trained on is what it will be asked. */
final class JudgeRowsTest {
  private static final PromptEncoder ENCODER =
      PromptEncoder.of(
          CheckpointFolder.open(
              Path.of("../src/models/scenes-judge").toString(), new Configuration()));

  private static final Function<EncodedImage, Grid> GRIDS = image -> ENCODER.patches(image).grid();

  private final ExampleSource source = new ExampleSource(Split.TRAINING, 7);

  @AfterAll
  static void close() {
    ENCODER.close();
  }

  @Test
  void trainingStatementsAreInTheJudgesPrompt() {
    for (int seed = 0; seed < 8; seed++) {
      Captions example = source.captions();
      LabelledRow row = row(example, seed);
      Item image = new Item(null, example.picture().image());
      for (int i = 0; i < example.statements().size(); i++) {
        Item text = new Item(example.statements().get(i).caption().words(), null);
        Order order = seed % 2 == 0 ? Order.QUERY_FIRST : Order.CANDIDATE_FIRST;
        assertSame(prompt(order, image, text), row, i + 1);
      }
    }
  }

  @Test
  void trainingImagesAreInTheJudgesPrompt() {
    for (int seed = 0; seed < 8; seed++) {
      Changes example = source.changes();
      Item query = new Item(example.change().words(), example.picture().image());
      for (int i = 0; i < example.candidates().size(); i++) {
        Item candidate = new Item(null, example.candidates().get(i).image());
        assertSame(prompt(Order.QUERY_FIRST, query, candidate), row(example, seed), i + 1);
      }
    }
  }

  @Test
  void theAnswerIsLearnedAfterTheLastTokenOfEachStatement() {
    Captions example = source.captions();
    LabelledRow row = row(example, 0);
    for (int i = 0; i < example.statements().size(); i++) {
      Statement statement = example.statements().get(i);
      int last = last(row, i + 1);
      List<String> learned =
          row.labels().stream()
              .filter(label -> label.at() == last)
              .map(label -> ENCODER.tokenizer().decode(label.token()))
              .toList();
      assertEquals(List.of(statement.holds() ? "Yes" : "No"), learned, statement.caption().words());
    }
  }

  @Test
  void whatFollowsIsLearnedOfTrueStatementsAndTheDescription() {
    Captions example = source.captions();
    LabelledRow row = row(example, 0);
    List<Label> following = row.labels().stream().filter(l -> l.choices() == null).toList();
    for (Label label : following) {
      assertEquals(row.tokens().ids()[label.at() + 1], label.token());
      assertEquals(row.parts()[label.at() + 1], row.parts()[label.at()]);
      int part = row.parts()[label.at()];
      assertTrue(part > example.statements().size() || example.statements().get(part - 1).holds());
    }
    assertEquals(1, following.stream().mapToDouble(Label::weight).sum(), 1e-5);
  }

  private static LabelledRow row(JudgeExample example, long seed) {
    return new JudgeRows().rows(example, ENCODER, GRIDS, seed).get(0);
  }

  private static TokenSequence prompt(Order order, Item shared, Item other) {
    return ENCODER.chat(new JudgePrompt(order, Vocabulary.INSTRUCTION).of(shared, other), GRIDS);
  }

  /** The beginning and one end of a row are this sequence, token by token, where they stand. */
  private static void assertSame(TokenSequence expected, LabelledRow row, int part) {
    int[] seen =
        IntStream.range(0, row.parts().length)
            .filter(i -> row.parts()[i] == 0 || row.parts()[i] == part)
            .toArray();
    assertArrayEquals(
        expected.ids(), IntStream.of(seen).mapToLong(i -> row.tokens().ids()[i]).toArray());
    for (int axis = 0; axis < 3; axis++) {
      int[] positions = row.tokens().positions()[axis];
      assertArrayEquals(
          expected.positions()[axis], IntStream.of(seen).map(i -> positions[i]).toArray());
    }
  }

  private static int last(LabelledRow row, int part) {
    return IntStream.range(0, row.parts().length)
        .filter(i -> row.parts()[i] == part)
        .max()
        .orElseThrow();
  }
}
