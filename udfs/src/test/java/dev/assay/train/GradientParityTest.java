package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.adapter.TargetModules;
import dev.assay.item.Item;
import dev.assay.judge.JudgePrompt;
import dev.assay.judge.Order;
import dev.assay.model.Precision;
import dev.assay.model.training.Parameter;
import dev.assay.model.training.Tuning;
import dev.assay.prompt.TokenSequence;
import dev.assay.train.LabelledRow.Label;
import dev.assay.train.loss.ContrastiveLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of every parameter and every adapter against transformers and PEFT. */
final class GradientParityTest {
  /** Largest difference within a tensor, as a share of its largest number. */
  private static final double TOLERANCE = 1e-4;

  private static final int ONE_PASS = 1 << 20;

  private static final Tuning FULL = new Tuning.Full(Pattern.compile(".*"));

  @ParameterizedTest
  @CsvSource({
    "qwen2-vl,   false, 1048576",
    "qwen2-vl,   true,  1048576",
    "qwen2-vl,   false, 64",
    "qwen2.5-vl, false, 1048576",
    "qwen2.5-vl, true,  64"
  })
  void everyParameterHasTheGradientOfTransformers(
      String checkpoint, boolean recompute, int maxTokens) {
    Map<String, float[]> expected = Tensors.read("gradients-" + checkpoint + "-full.safetensors");
    compare(
        checkpoint,
        FULL,
        expected,
        new ReplicaOptions(1 << 20, maxTokens, recompute, ReplicaOptions.EACH_ALONE));
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2-vl,   false, 1048576",
    "qwen2-vl,   true,  64",
    "qwen2.5-vl, false, 64",
    "qwen2.5-vl, true,  1048576"
  })
  void everyAdapterHasTheGradientOfPeft(String checkpoint, boolean recompute, int maxTokens) {
    Map<String, float[]> expected = Tensors.read("gradients-" + checkpoint + "-lora.safetensors");
    compare(
        checkpoint,
        lora(checkpoint),
        expected,
        new ReplicaOptions(1 << 20, maxTokens, recompute, ReplicaOptions.EACH_ALONE));
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2-vl,   BFLOAT16, true,  64",
    "qwen2-vl,   FLOAT32,  false, 1048576",
    "qwen2.5-vl, BFLOAT16, false, 64"
  })
  void gradientsOnDiskHaveTheBitsOfThoseInMemory(
      String checkpoint,
      Precision precision,
      boolean recompute,
      int maxTokens,
      @TempDir Path folder)
      throws IOException {
    int alone = ReplicaOptions.EACH_ALONE;
    ReplicaOptions memory = new ReplicaOptions(1 << 20, maxTokens, recompute, alone);
    ReplicaOptions disk = new ReplicaOptions(1 << 20, maxTokens, recompute, alone, folder);
    JsonNode reference = Fixtures.reference(checkpoint);
    try (Replica<ContrastiveExample> expected = embedder(checkpoint, precision, FULL, memory);
        Replica<ContrastiveExample> replica = embedder(checkpoint, precision, FULL, disk)) {
      assertSameBits(expected, replica, List.of(embedded(reference)));
    }
    try (Replica<JsonNode> expected = judge(checkpoint, precision, FULL, memory);
        Replica<JsonNode> replica = judge(checkpoint, precision, FULL, disk)) {
      assertSameBits(expected, replica, notResized(reference.get("cases")));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count(), "the file would stay behind a process that is killed");
    }
  }

  private static <E> void assertSameBits(
      Replica<E> expected, Replica<E> replica, List<E> examples) {
    float[][] values = expected.initialValues();
    assertTrue(Arrays.deepEquals(values, replica.initialValues()), "first values");
    for (int step = 0; step < 2; step++) {
      for (float[] some : values) {
        for (int i = 0; i < some.length; i++) {
          some[i] *= 1.0001f + 1e-5f * (i % 7); // of more digits than bfloat16 has
        }
      }
      Gradients wanted = expected.gradients(values, examples, step);
      Gradients gradients = replica.gradients(values, examples, step);
      assertEquals(wanted.loss(), gradients.loss());
      List<String> names = names(replica);
      for (int p = 0; p < values.length; p++) {
        assertArrayEquals(wanted.values()[p], gradients.values()[p], names.get(p));
      }
    }
  }

  private static Replica<ContrastiveExample> embedder(
      String checkpoint, Precision precision, Tuning tuning, ReplicaOptions options) {
    return EmbedderReplica.load(
        Fixtures.checkpoint(checkpoint),
        Device.cpu(),
        precision,
        tuning,
        0,
        options,
        new Directions());
  }

  private static Replica<JsonNode> judge(
      String checkpoint, Precision precision, Tuning tuning, ReplicaOptions options) {
    return AnswerReplica.load(
        Fixtures.checkpoint(checkpoint),
        Device.cpu(),
        precision,
        tuning,
        0,
        options,
        new Judged(Fixtures.reference(checkpoint)));
  }

  /** What the fixtures' script gave to PEFT. */
  private static Tuning lora(String checkpoint) {
    TargetModules linear =
        TargetModules.matching(
            "model\\.layers.*_proj|visual\\.(blocks.*\\.(qkv|proj|fc1|fc2|\\w+_proj)|merger\\.mlp\\.[02])");
    return new Tuning.Lora(new LoraConfig(4, 12, 0, linear, !checkpoint.equals("qwen2-vl")));
  }

  private static void compare(
      String checkpoint, Tuning tuning, Map<String, float[]> expected, ReplicaOptions options) {
    JsonNode reference = Fixtures.reference(checkpoint);
    Map<String, float[]> ours = new LinkedHashMap<>();
    double loss;
    try (Replica<ContrastiveExample> embedder =
            embedder(checkpoint, Precision.FLOAT32, tuning, options);
        Replica<JsonNode> judge = judge(checkpoint, Precision.FLOAT32, tuning, options)) {
      loss =
          add(ours, embedder, List.of(embedded(reference)), expected)
              + add(ours, judge, notResized(reference.get("cases")), expected);
      assertFalse(names(embedder).contains("lm_head.weight"), "an embedder says no tokens");
    }
    float expectedLoss = expected.get("loss")[0];
    assertEquals(expectedLoss, loss, 1e-5 * expectedLoss);
    double worst = 0;
    for (Map.Entry<String, float[]> gradient : ours.entrySet()) {
      String name = gradient.getKey();
      double off = difference(expected.get("gradient." + name), gradient.getValue());
      assertTrue(off <= TOLERANCE, name + " is off by " + off);
      worst = Math.max(worst, off);
    }
    long gradients = expected.keySet().stream().filter(k -> k.startsWith("gradient.")).count();
    assertEquals(gradients, ours.size());
    System.out.printf(
        "%s: %d gradients, the worst off by %.1e of its largest%n", checkpoint, gradients, worst);
  }

  /**
   * Adds a replica's gradients at the fixture's values to those that are there, by name.
   *
   * @return the loss
   */
  private static <E> double add(
      Map<String, float[]> sums,
      Replica<E> replica,
      List<E> examples,
      Map<String, float[]> expected) {
    List<String> names = names(replica);
    float[][] values = replica.initialValues();
    for (int p = 0; p < values.length; p++) {
      values[p] = expected.getOrDefault("value." + names.get(p), values[p]);
    }
    Gradients gradients = replica.gradients(values, examples, 0);
    for (int p = 0; p < values.length; p++) {
      sums.merge(names.get(p), gradients.values()[p], GradientParityTest::sum);
    }
    return gradients.loss();
  }

  private static List<String> names(Replica<?> replica) {
    return replica.parameters().stream().map(Parameter::name).toList();
  }

  private static float[] sum(float[] first, float[] second) {
    float[] sum = first.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += second[i];
    }
    return sum;
  }

  private static double difference(float[] expected, float[] ours) {
    assertEquals(expected.length, ours.length);
    double largest = 0;
    double off = 0;
    for (int i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      off = Math.max(off, Math.abs(expected[i] - ours[i]));
    }
    return off / largest;
  }

  private static List<JsonNode> notResized(JsonNode cases) {
    List<JsonNode> some = new ArrayList<>();
    cases.forEach(
        c -> {
          if (!c.get("resized").asBoolean()) {
            some.add(c);
          }
        });
    return some;
  }

  /** All items of the reference as one example. */
  private static ContrastiveExample embedded(JsonNode reference) {
    List<Item> items =
        notResized(reference.get("embeddings")).stream()
            .map(c -> Fixtures.item(c.get("item")))
            .toList();
    return new ContrastiveExample(
        items.get(0), items.get(1), items.subList(2, items.size()), new float[items.size() - 1]);
  }

  /** The sum of dot products with fixed directions. */
  private static final class Directions implements ContrastiveLoss {
    @Override
    public boolean acrossQueries() {
      return false;
    }

    @Override
    public Value of(float[][] queries, float[][][] candidates, float[][] scores) {
      double sum = 0;
      float[][] directions = new float[candidates[0].length + 1][queries[0].length];
      for (int item = 0; item < directions.length; item++) {
        float[] vector = item == 0 ? queries[0] : candidates[0][item - 1];
        for (int i = 0; i < vector.length; i++) {
          directions[item][i] = (float) Math.sin(0.1 * (item + 1) * (i + 1));
          sum += vector[i] * directions[item][i];
        }
      }
      float[][] others = java.util.Arrays.copyOfRange(directions, 1, directions.length);
      return new Value(sum, new float[][] {directions[0]}, new float[][][] {others});
    }
  }

  /** The judge's prompt with an answer after it. */
  private static final class Judged implements RowMaker<JsonNode> {
    private final JsonNode reference;

    Judged(JsonNode reference) {
      this.reference = reference;
    }

    @Override
    public List<LabelledRow> rows(
        JsonNode example,
        dev.assay.prompt.PromptEncoder encoder,
        java.util.function.Function<dev.assay.item.EncodedImage, dev.assay.prompt.Grid> grids,
        long seed) {
      int number = notResized(reference.get("cases")).indexOf(example);
      boolean queryFirst = example.get("order").asText().equals("query-first");
      JudgePrompt prompt =
          new JudgePrompt(
              queryFirst ? Order.QUERY_FIRST : Order.CANDIDATE_FIRST,
              reference.get("instruction").asText());
      Item query = Fixtures.item(example.get("query"));
      Item candidate = Fixtures.item(example.get("candidate"));
      TokenSequence tokens =
          encoder.chat(
              queryFirst ? prompt.of(query, candidate) : prompt.of(candidate, query), grids);
      long answer = reference.get("config").get(number % 2 == 1 ? "yes_id" : "no_id").asLong();
      return List.of(
          LabelledRow.of(
              tokens, List.of(new Label(tokens.length() - 1, answer, 1 + number % 3, null))));
    }
  }
}
