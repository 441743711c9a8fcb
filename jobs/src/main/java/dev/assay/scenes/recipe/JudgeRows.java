package dev.assay.scenes.recipe;

import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.PromptEncoder;
import dev.assay.scenes.recipe.JudgeExample.Captions;
import dev.assay.scenes.recipe.JudgeExample.Changes;
import dev.assay.scenes.recipe.JudgeExample.Picture;
import dev.assay.scenes.recipe.JudgeExample.Statement;
import dev.assay.scenes.recipe.RowDraft.Kind;
import dev.assay.scenes.world.Scene;
import dev.assay.scenes.world.SceneObject;
import dev.assay.train.LabelledRow;
import dev.assay.train.RowMaker;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns an example into tokens for the judge of Scenes, with a label where it should answer. */
final class JudgeRows implements RowMaker<JudgeExample> {
  private Vocabulary words;

  @Override
  public List<LabelledRow> rows(
      JudgeExample example, PromptEncoder encoder, Function<EncodedImage, Grid> grids, long seed) {
    if (words == null) {
      words = new Vocabulary(encoder.tokenizer());
    }
    RowDraft draft = new RowDraft(words, grids);
    if (example instanceof Captions captions) {
      captions(draft, captions, seed % 2 == 0);
    } else {
      changes(draft, (Changes) example);
    }
    return List.of(draft.row());
  }

  private static String beginning(String label) {
    return Vocabulary.START + Vocabulary.INSTRUCTION + label;
  }

  /** The image comes first, on whichever side it is. */
  private void captions(RowDraft draft, Captions example, boolean imageAsks) {
    draft.text(beginning(imageAsks ? "Query:" : "Candidate:")).image(example.picture());
    String label = imageAsks ? "Candidate" : "Query";
    for (Statement statement : example.statements()) {
      draft.end().text(label);
      int first = draft.length();
      String[] read = (":" + statement.caption().words()).split("(?= )");
      for (int word = 0; word < read.length; word++) {
        draft.text(read[word]).say(Kind.SO_FAR, word < statement.trueWords());
      }
      if (statement.holds()) {
        draft.following(first);
      }
      draft.special(Vocabulary.END).say(Kind.ANSWER, statement.holds());
    }
    describe(
        draft,
        example.picture().scene().objects().stream()
            .sorted(Comparator.comparingInt(SceneObject::row).thenComparingInt(SceneObject::column))
            .map(o -> " " + (o.row() + 1) + " " + (o.column() + 1) + " " + o.words())
            .collect(Collectors.joining()));
  }

  private void changes(RowDraft draft, Changes example) {
    draft
        .text(beginning("Query:"))
        .image(example.picture())
        .text(example.change().words() + "Candidate:");
    Scene wanted = example.wanted();
    for (Picture candidate : example.candidates()) {
      draft.end().image(candidate);
      for (SceneObject object : candidate.scene().objects()) {
        draft.wanted(object, wanted.objects().stream().anyMatch(object::looksLike));
      }
      draft.special(Vocabulary.END).say(Kind.ANSWER, wanted.isMetBy(candidate.scene()));
    }
    describe(
        draft,
        wanted.objects().stream().map(o -> " " + o.words()).sorted().collect(Collectors.joining()));
  }

  /** Text that describes the scene. The judge learns from it and is never asked for it. */
  private static void describe(RowDraft draft, String description) {
    int first = draft.end().length();
    draft.text("Describe:" + description).special(Vocabulary.END).following(first);
  }
}
