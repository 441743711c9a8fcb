package dev.assay.checkpoint.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.StoredTensors;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.writing.CheckpointWriter;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.checkpoint.writing.OutgoingTensor;
import dev.assay.checkpoint.writing.SafetensorsWriter;
import dev.assay.model.VisionLanguageModel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same weights under other file names and tensor names, with and without an output head. */
class StoredSpellingsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String NORM = "model.norm.weight";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"model-00001-of-00001.safetensors", "model-00001-of-00002.safetensors"})
  void theSingleFileGoesBeforeAnIndexThatIsThereToo(String shard) throws IOException {
    copy("qwen2-vl");
    float[] expected = TensorIndex.of(open()).values(NORM);
    write("model-00001-of-00001.safetensors", name -> name, new Change(NORM, 7));
    Files.writeString(
        folder.resolve(INDEX), "{\"weight_map\": {\"%s\": \"%s\"}}".formatted(NORM, shard));

    VisionLanguageModel.check(open());
    assertArrayEquals(expected, TensorIndex.of(open()).values(NORM));
  }

  @ParameterizedTest
  @CsvSource({
    "^model\\., language_model.",
    "^model\\., model.language_model.",
    "^model\\., language_model.model.",
    "^model\\., ''",
    "^visual\\., model.visual.",
    "^, module.",
  })
  void otherSpellingsAreTheSameWeights(String from, String to) throws IOException {
    copy("qwen2.5-vl");
    TensorIndex expected = TensorIndex.of(Fixtures.checkpoint("qwen2.5-vl"));
    write(WEIGHTS, name -> name.replaceFirst(from, to), null);

    VisionLanguageModel.check(open());
    assertEquals("lm_head.weight", head());
    TensorIndex found = TensorIndex.of(open());
    assertEquals(expected.names(), found.names());
    for (String name : expected.names()) {
      assertArrayEquals(expected.values(name), found.values(name), name);
    }
  }

  @Test
  void twoSpellingsOfOneTensorAreRefused() throws IOException {
    copy("qwen2-vl");
    Files.writeString(
        folder.resolve(INDEX),
        "{\"weight_map\": {\"a\": \"a.safetensors\", \"b\": \"b.safetensors\"}}");
    write("a.safetensors", name -> name, null);
    write("b.safetensors", name -> name.equals(NORM) ? "language_model.norm.weight" : null, null);
    Files.delete(folder.resolve(WEIGHTS));

    assertRefused(
        () -> VisionLanguageModel.check(open()), "b.safetensors", "language_model.norm.weight");
  }

  @Test
  void aCheckpointWithoutAHeadEmbedsAndIsRefusedForJudging() throws IOException {
    copy("qwen2.5-vl");
    write(WEIGHTS, name -> name.equals("lm_head.weight") ? null : name, null);

    VisionLanguageModel.check(open());
    assertRefused(
        () -> VisionLanguageModel.checkHead(open()),
        "to judge or rerank: tensor lm_head.weight is missing");
  }

  @Test
  void aStoredHeadThatIsTheTableOfEmbeddingsIsTied() throws IOException {
    copy("qwen2.5-vl");
    tie();
    write(WEIGHTS, name -> name.equals("lm_head.weight") ? null : name, new Copy("lm_head.weight"));

    assertEquals("model.embed_tokens.weight", head());
    VisionLanguageModel.checkHead(open());
    assertTrue(!exported().has("lm_head.weight"));
  }

  @Test
  void aStoredHeadThatContradictsTiedEmbeddingsIsRefusedForJudgingAlone() throws IOException {
    copy("qwen2.5-vl");
    tie();

    VisionLanguageModel.check(open());
    assertRefused(
        () -> VisionLanguageModel.checkHead(open()),
        "tie_word_embeddings in config.json is true, but lm_head.weight differs");
    assertArrayEquals(
        TensorIndex.of(open()).values("lm_head.weight"), exported().values("lm_head.weight"));
  }

  @Test
  void oneNumberThatDiffersIsAContradiction() throws IOException {
    copy("qwen2.5-vl");
    tie();
    write(WEIGHTS, name -> name.equals("lm_head.weight") ? null : name, new Copy("lm_head.weight"));
    byte[] bytes = Files.readAllBytes(folder.resolve(WEIGHTS));
    var head = TensorIndex.of(open()).stored("lm_head.weight");
    bytes[(int) (head.offset() + head.length() - 1)] ^= 1;
    Files.write(folder.resolve(WEIGHTS), bytes);

    assertRefused(() -> VisionLanguageModel.checkHead(open()), "lm_head.weight differs");
  }

  /** What is written besides the tensors that are there. */
  private interface Addition {
    List<NamedTensor> to(TensorIndex index);
  }

  private record Change(String name, float value) implements Addition {
    @Override
    public List<NamedTensor> to(TensorIndex index) {
      float[] values = index.values(name);
      java.util.Arrays.fill(values, value);
      return List.of(NamedTensor.of(name, index.shape(name), values));
    }
  }

  private record Copy(String to) implements Addition {
    @Override
    public List<NamedTensor> to(TensorIndex index) {
      String from = "model.embed_tokens.weight";
      return List.of(NamedTensor.of(to, index.shape(from), index.values(from)));
    }
  }

  private void copy(String fixture) throws IOException {
    for (String name : List.of("config.json", WEIGHTS)) {
      Files.copy(Fixtures.path(fixture).resolve(name), folder.resolve(name));
    }
  }

  private void tie() throws IOException {
    Path config = folder.resolve("config.json");
    ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
    Files.write(config, JSON.writeValueAsBytes(json.put("tie_word_embeddings", true)));
  }

  /** Writes the folder's tensors under other names; null leaves one out. */
  private void write(String file, UnaryOperator<String> rename, Addition addition)
      throws IOException {
    StoredTensors stored = StoredTensors.of(open(), WEIGHTS);
    List<NamedTensor> tensors = new ArrayList<>();
    if (addition != null) {
      tensors.addAll(addition.to(TensorIndex.of(open())));
    }
    for (String name : stored.names()) {
      String other = rename.apply(name);
      if (other != null && tensors.stream().noneMatch(t -> t.name().equals(other))) {
        tensors.add(NamedTensor.of(other, stored.shape(name), stored.values(name)));
      }
    }
    Path draft = folder.resolve("draft");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft))) {
      SafetensorsWriter.write(
          out, tensors.stream().map(t -> OutgoingTensor.of(t, StoredType.F32)).toList());
    }
    Files.move(draft, folder.resolve(file), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private String head() {
    CheckpointFolder opened = open();
    return OutputHead.of(
        opened,
        dev.assay.checkpoint.config.ModelConfig.of(opened).decoder(),
        TensorIndex.of(opened));
  }

  private TensorIndex exported() {
    String to = folder.resolve("exported").toString();
    CheckpointWriter.of(open()).write(to, new Configuration());
    return TensorIndex.of(CheckpointFolder.open(to, new Configuration()));
  }

  private CheckpointFolder open() {
    return CheckpointFolder.open(folder.toString(), new Configuration());
  }

  private static void assertRefused(Runnable use, String... parts) {
    CheckpointException refusal = assertThrows(CheckpointException.class, use::run);
    assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    for (String part : parts) {
      assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }
  }
}
