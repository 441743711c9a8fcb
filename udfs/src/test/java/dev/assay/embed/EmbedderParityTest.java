package dev.assay.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings against transformers'. */
class EmbedderParityTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"qwen2-vl", "qwen2.5-vl", "qwen2-vl-nested", "qwen2-vl-bf16", "qwen2.5-vl-fp16"})
  void embeddingsEqualTransformers(String checkpoint) {
    JsonNode cases = Fixtures.reference(checkpoint).get("embeddings");
    try (LoadedCheckpoint loaded = Fixtures.load(checkpoint, Precision.FLOAT32);
        ItemEmbedder embedder = new ItemEmbedder(loaded, Limits.defaults())) {
      float[][] vectors = embedder.encode(items(cases));

      for (int i = 0; i < vectors.length; i++) {
        double cosine = cosine(vectors[i], cases.get(i).get("embedding"));
        String name = cases.get(i).get("name").asText();
        assertEquals(1, norm(vectors[i]), 1e-6, name);
        assertTrue(cosine >= 0.99999, name + ": cosine " + cosine);
      }
      assertTrue(vectors.length >= 5, "compared " + vectors.length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl", "qwen2-vl-nested"})
  void bfloat16IsAsCloseToFloat32AsTransformersIs(String checkpoint) {
    JsonNode cases = Fixtures.reference(checkpoint).get("embeddings");
    try (LoadedCheckpoint loaded = Fixtures.load(checkpoint, Precision.BFLOAT16);
        ItemEmbedder embedder = new ItemEmbedder(loaded, Limits.defaults())) {
      float[][] vectors = embedder.encode(items(cases));

      double ours = 0;
      double theirs = 0;
      for (int i = 0; i < vectors.length; i++) {
        ours += 1 - cosine(vectors[i], cases.get(i).get("embedding"));
        theirs += 1 - cases.get(i).get("bfloat16_cosine").asDouble();
      }
      System.out.printf(
          "%s: bfloat16 embeddings are off by a mean 1 - cosine of %.2e, transformers' by %.2e%n",
          checkpoint, ours / vectors.length, theirs / vectors.length);
      assertTrue(ours <= 1.5 * theirs, ours + " against " + theirs);
    }
  }

  private static List<Item> items(JsonNode cases) {
    List<Item> items = new ArrayList<>();
    cases.forEach(c -> items.add(Fixtures.item(c.get("item"))));
    return items;
  }

  private static double cosine(float[] vector, JsonNode expected) {
    double dot = 0;
    double square = 0;
    for (int i = 0; i < vector.length; i++) {
      double e = expected.get(i).asDouble();
      dot += vector[i] * e;
      square += e * e;
    }
    return dot / Math.sqrt(square) / norm(vector);
  }

  private static double norm(float[] vector) {
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    return Math.sqrt(square);
  }
}
