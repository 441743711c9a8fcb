package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.model.training.Tuning;
import dev.assay.prompt.Grid;
import dev.assay.prompt.PromptEncoder;
import dev.assay.train.LabelledRow.Label;
import dev.assay.train.RerankExample.Negative;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RerankRowsTest {
  private final PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint("qwen2-vl"));

  @AfterEach
  void close() {
    encoder.close();
  }

  @Test
  void aPairThatMatchesIsYesThatOfTheHardestNegativeIsNoAndTheListNamesThePositive() {
    List<LabelledRow> rows = rows(RerankRows.defaults(), texts("red", "blue", "green"), 1);

    assertEquals(List.of("Yes", "No"), List.of(answer(rows.get(0)), answer(rows.get(1))));
    assertTrue(prompt(rows.get(0)).contains("Query:the queryCandidate:the positive<|im_end|>"));
    assertTrue(prompt(rows.get(1)).contains("Query:the queryCandidate:green<|im_end|>"));
    String listed = answer(rows.get(2)).replace("Ans: ", "") + " the positive";
    assertTrue(prompt(rows.get(2)).contains(listed), prompt(rows.get(2)));
    assertEquals(3, rows.size());
  }

  @Test
  void everyAnswerTokenIsWantedAfterTheOneBeforeIt() {
    for (LabelledRow row : rows(RerankRows.defaults(), texts("red", "blue"), 3)) {
      double weights = 0;
      for (int i = 0; i < row.labels().size(); i++) {
        Label label = row.labels().get(i);
        assertEquals(row.tokens().length() - row.labels().size() + i, label.at());
        if (i > 0) {
          assertEquals(row.labels().get(i - 1).token(), row.tokens().ids()[label.at()]);
        }
        assertNull(label.choices());
        weights += label.weight();
      }
      assertEquals(1, weights, 1e-6);
      assertTrue(prompt(row).endsWith("<|im_start|>assistant\n"));
      assertArrayEquals(new int[row.tokens().length()], row.parts());
    }
  }

  @Test
  void theNegativesOfAListAreTheHardestInAnyOrder() {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      List<Negative> negatives = new ArrayList<>();
      int count = 1 + random.nextInt(12);
      for (int i = 0; i < count; i++) {
        negatives.add(new Negative(text("n" + i + "."), random.nextInt(5) / 4f));
      }
      int asked = 1 + random.nextInt(8);
      RerankRows maker = new RerankRows("judge", "rank", asked);
      List<LabelledRow> rows = rows(maker, negatives, round);

      String list = prompt(rows.get(2));
      List<Negative> in = negatives.stream().filter(n -> list.contains(n.item().text())).toList();
      assertEquals(Math.min(asked, count), in.size());
      double easiest = in.stream().mapToDouble(Negative::score).min().orElseThrow();
      assertTrue(
          negatives.stream().filter(n -> !in.contains(n)).allMatch(n -> n.score() <= easiest));
      Negative no =
          negatives.stream()
              .filter(n -> prompt(rows.get(1)).contains(n.item().text()))
              .findFirst()
              .orElseThrow();
      assertTrue(negatives.stream().allMatch(n -> n.score() <= no.score()));
    }
  }

  @Test
  void thePositiveStandsAtEveryPlaceAndTheNegativesInEveryOrderEquallyOften() {
    int[] places = new int[4];
    int[] first = new int[3]; // of the negatives
    int rounds = 400;
    RerankRows maker = new RerankRows("", "", 3);
    for (int seed = 0; seed < rounds; seed++) {
      LabelledRow list = rows(maker, texts("red", "blue", "green"), seed).get(2);
      places[Integer.parseInt(answer(list).replaceAll("\\D", "")) - 1]++;
      String prompt = prompt(list);
      List<Integer> stands =
          List.of(prompt.indexOf("red"), prompt.indexOf("blue"), prompt.indexOf("green"));
      first[stands.indexOf(stands.stream().min(Integer::compare).orElseThrow())]++;
    }
    assertTrue(chiSquare(places, rounds) < 16.3, Arrays.toString(places)); // 3 degrees, p = 0.001
    assertTrue(chiSquare(first, rounds) < 13.8, Arrays.toString(first)); // 2 degrees
  }

  @Test
  void theSameSeedGivesTheSameRows() {
    List<Negative> negatives = texts("a", "b", "c", "d", "e", "f");
    List<String> once = prompts(rows(RerankRows.defaults(), negatives, 12));

    assertEquals(once, prompts(rows(RerankRows.defaults(), negatives, 12)));
    assertTrue(
        java.util.stream.LongStream.range(0, 20)
            .anyMatch(s -> !once.equals(prompts(rows(RerankRows.defaults(), negatives, s)))));
  }

  @Test
  void aNegativeRepeatedToFillTheListIsKeptOnce() {
    EncodedImage image = new EncodedImage("exact.png", Fixtures.bytes("images/exact.png"));
    EncodedImage same = new EncodedImage("exact.png", Fixtures.bytes("images/exact.png"));
    List<Negative> negatives =
        List.of(
            new Negative(new Item("red", image), 0.3f),
            new Negative(text("blue"), 0.2f),
            new Negative(new Item("red", same), 0.3f),
            new Negative(text("blue"), 0.2f));
    LabelledRow list = rows(RerankRows.defaults(), negatives, 4).get(2);

    assertEquals(1, list.tokens().images().size());
    assertTrue(prompt(list).contains("(3) "));
    assertTrue(!prompt(list).contains("(4) "));
  }

  @Test
  void refusesUnusableExamplesAndSettings() {
    assertThrows(
        IllegalArgumentException.class, () -> new RerankExample(text("q"), text("p"), List.of()));
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new Negative(text("n"), wrong));
    }
    assertThrows(IllegalArgumentException.class, () -> new RerankRows("", "", 0));
    assertThrows(IllegalArgumentException.class, () -> new RerankRows("", "", 1000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl", "qwen2-vl-nested"})
  void theLossOfAnExampleEqualsTransformers(String checkpoint) {
    Tuning tuning = new Tuning.Full(Pattern.compile("model\\.norm\\.weight"));
    ReplicaOptions options = new ReplicaOptions(1_000_000, 2048, false, ReplicaOptions.EACH_ALONE);
    RerankRows maker = RerankRows.defaults();
    AtomicInteger place = new AtomicInteger();
    try (AnswerReplica<RerankExample> replica =
        AnswerReplica.load(
            Fixtures.checkpoint(checkpoint),
            Device.cpu(),
            Precision.FLOAT32,
            tuning,
            0,
            options,
            (RowMaker<RerankExample>)
                (example, encoder, grids, seed) -> {
                  List<LabelledRow> rows = maker.rows(example, encoder, grids, seed);
                  place.set(answer(rows.get(2)).equals("Ans: (1)") ? 0 : 1);
                  return rows;
                })) {
      Set<Integer> seen = new HashSet<>();
      for (JsonNode node : Fixtures.json("rerank-" + checkpoint + ".json").get("training")) {
        RerankExample example =
            new RerankExample(
                Fixtures.item(node.get("query")),
                Fixtures.item(node.get("positive")),
                List.of(new Negative(Fixtures.item(node.get("negative")), 0.5f)));
        for (long seed = 0; seed < 6; seed++) {
          double loss = replica.gradients(replica.initialValues(), List.of(example), seed).loss();

          seen.add(place.get());
          double expected = node.get("losses").get(place.get()).asDouble();
          assertEquals(expected, loss, 1e-4, node.get("name").asText() + ", place " + place);
        }
      }
      assertEquals(Set.of(0, 1), seen);
    }
  }

  private static double chiSquare(int[] counts, int rounds) {
    double expected = (double) rounds / counts.length;
    return Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
  }

  /** The later ones are harder. */
  private static List<Negative> texts(String... words) {
    List<Negative> negatives = new ArrayList<>();
    for (String word : words) {
      negatives.add(new Negative(text(word), negatives.size() / 10f));
    }
    return negatives;
  }

  private static Item text(String text) {
    return new Item(text, null);
  }

  private List<LabelledRow> rows(RerankRows maker, List<Negative> negatives, long seed) {
    RerankExample example = new RerankExample(text("the query"), text("the positive"), negatives);
    return maker.rows(example, encoder, image -> new Grid(4, 4), seed);
  }

  private List<String> prompts(List<LabelledRow> rows) {
    return rows.stream().map(this::prompt).collect(Collectors.toList());
  }

  /** What stands before the first wanted token, words again. */
  private String prompt(LabelledRow row) {
    return encoder
        .tokenizer()
        .decode(Arrays.copyOf(row.tokens().ids(), row.labels().get(0).at() + 1));
  }

  private String answer(LabelledRow row) {
    return encoder.tokenizer().decode(row.labels().stream().mapToLong(Label::token).toArray());
  }
}
