package dev.assay.checkpoint.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.model.VisionLanguageModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that is not understood is refused from its headers, in one line that says why. */
class BadCheckpointTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @BeforeEach
  void copyAGoodOne() throws IOException {
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(Fixtures.path("qwen2-vl").resolve(name), folder.resolve(name));
    }
  }

  @Test
  void acceptsTheCopyAsItIs() {
    VisionLanguageModel.check(open());
  }

  @Test
  void refusesAnotherArchitecture() throws IOException {
    editConfig(config -> config.put("model_type", "llava"));

    assertRefused("model_type in config.json is 'llava'", "qwen2_vl, qwen2_5_vl");
  }

  @Test
  void refusesAConfigWhoseFamilysDefaultDoesNotFitTheWeights() throws IOException {
    editConfig(config -> config.remove("num_hidden_layers"));

    assertRefused("tensor model.layers.3.input_layernorm.weight is missing");
  }

  @Test
  void refusesAMissingTensor() throws IOException {
    editHeader(header -> header.remove("model.layers.2.mlp.up_proj.weight"));

    assertRefused("tensor model.layers.2.mlp.up_proj.weight is missing");
  }

  @Test
  void refusesATensorOfAnotherShape() throws IOException {
    editConfig(config -> config.put("intermediate_size", 80));

    assertRefused("model.layers.0.mlp.gate_proj.weight", "has shape", "asks for [80, 64]");
  }

  @Test
  void refusesATensorOfATypeThatIsNotRead() throws IOException {
    editHeader(header -> ((ObjectNode) header.get("model.norm.weight")).put("dtype", "I16"));

    assertRefused("tensor model.norm.weight is of type I16");
  }

  @Test
  void refusesAShapeThatNoFileHolds() throws IOException {
    for (String shape :
        List.of(
            "[4294967296, 4294967296]",
            "[9223372036854775807, 2]",
            "[0, 4294967296, 4294967296]",
            "[-1, 64]",
            "[1.5, 64]",
            "[\"64\"]",
            "[99999999999999999999]",
            "64")) {
      Files.delete(weights());
      Files.copy(Fixtures.path("qwen2-vl").resolve("model.safetensors"), weights());
      JsonNode bad = JSON.readTree(shape);
      editHeader(header -> norm(header).set("shape", bad));

      assertRefused("the header's entry for tensor model.norm.weight makes no sense");
    }
  }

  @Test
  void refusesBytesOutsideTheFile() throws IOException {
    for (String offsets : List.of("[8, 4]", "[-8, 4]", "[0.5, 4]", "[0]", "{}")) {
      Files.delete(weights());
      Files.copy(Fixtures.path("qwen2-vl").resolve("model.safetensors"), weights());
      JsonNode bad = JSON.readTree(offsets);
      editHeader(header -> norm(header).set("data_offsets", bad));

      assertRefused("the header's entry for tensor model.norm.weight makes no sense");
    }
    JsonNode bad = JSON.readTree("[0, 9223372036854775807]");
    editHeader(header -> norm(header).set("data_offsets", bad));
    assertRefused("it is truncated");
  }

  @Test
  void refusesTensorsThatShareBytes() throws IOException {
    editHeader(
        header ->
            ((ObjectNode) header.get("model.norm.weight"))
                .set(
                    "data_offsets",
                    header.get("model.layers.0.input_layernorm.weight").get("data_offsets")));

    assertRefused("share bytes", "model.norm.weight");
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    byte[] whole = Files.readAllBytes(weights());
    Files.write(weights(), Arrays.copyOf(whole, whole.length - 1000));

    assertRefused("model.safetensors", "it is truncated");
  }

  @Test
  void refusesAFileThatIsNoSafetensors() throws IOException {
    Files.writeString(weights(), "version https://git-lfs.github.com/spec/v1");

    assertRefused("model.safetensors", "no safetensors file");
  }

  @Test
  void refusesAHeaderThatIsNoJson() throws IOException {
    byte[] whole = Files.readAllBytes(weights());
    whole[8] = '[';
    Files.write(weights(), whole);

    assertRefused("model.safetensors", "not JSON");
  }

  @Test
  void refusesPickledWeights() throws IOException {
    Files.move(weights(), folder.resolve("pytorch_model.bin"));

    assertRefused("pickled weights are never read");
  }

  @Test
  void refusesAnIndexThatNamesAMissingShard() throws IOException {
    Files.delete(weights());
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}");

    assertRefused("names model-00001-of-00002.safetensors, which is not there");
  }

  @Test
  void refusesAnIndexThatLeavesTheFolder() throws IOException {
    Files.delete(weights());
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"../other/model.safetensors\"}}");

    assertRefused("../other/model.safetensors");
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    CheckpointException refusal =
        assertThrows(
            CheckpointException.class,
            () -> CheckpointFolder.open(folder + "/nowhere", new Configuration()));

    assertTrue(refusal.getMessage().contains("no folder at"), refusal.getMessage());
  }

  private CheckpointFolder open() {
    return CheckpointFolder.open(folder.toString(), new Configuration());
  }

  private Path weights() {
    return folder.resolve("model.safetensors");
  }

  private void assertRefused(String... parts) {
    CheckpointException refusal =
        assertThrows(CheckpointException.class, () -> VisionLanguageModel.check(open()));
    assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    for (String part : parts) {
      assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }
  }

  /** The entry of a tensor; another one is left out, so that it has room to grow. */
  private static ObjectNode norm(ObjectNode header) {
    header.remove("model.layers.2.mlp.up_proj.weight");
    return (ObjectNode) header.get("model.norm.weight");
  }

  private void editConfig(Consumer<ObjectNode> edit) throws IOException {
    JsonNode config = JSON.readTree(folder.resolve("config.json").toFile());
    edit.accept((ObjectNode) config);
    Files.write(folder.resolve("config.json"), JSON.writeValueAsBytes(config));
  }

  private void editHeader(Consumer<ObjectNode> edit) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(weights()));
    int size = (int) file.order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] text = new byte[size];
    file.get(text);
    ObjectNode header = (ObjectNode) JSON.readTree(text);
    edit.accept(header);
    // Padded with spaces to the old size, so that no offset moves.
    byte[] edited = Arrays.copyOf(JSON.writeValueAsBytes(header), size);
    int length = new String(edited, StandardCharsets.UTF_8).trim().length();
    Arrays.fill(edited, length, size, (byte) ' ');
    file.position(8);
    file.put(edited);
    Files.write(weights(), file.array());
  }
}
