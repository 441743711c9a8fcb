package dev.assay.checkpoint.writing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.AdapterFolders;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.checkpoint.tensors.StoredTensors;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.tensors.WeightFiles;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.model.VisionLanguageModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointWriterTest {
  private static final String NORM = "model.norm.weight";

  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2-vl-nested", "qwen2-vl-bf16", "qwen2.5-vl-fp16"})
  void aCopyHasEveryTensorAndFileOfItsBase(String checkpoint) {
    CheckpointFolder base = Fixtures.checkpoint(checkpoint);
    CheckpointWriter.of(base).write(output(), AdapterFolders.HADOOP);

    CheckpointFolder copy = open();
    assertEquals(Fingerprint.of(base), Fingerprint.of(copy));
    TensorIndex expected = TensorIndex.of(base);
    TensorIndex tensors = TensorIndex.of(copy);
    for (String name : expected.names()) {
      assertEquals(expected.stored(name).name(), tensors.stored(name).name());
      assertEquals(expected.stored(name).type(), tensors.stored(name).type());
      assertArrayEquals(expected.values(name), tensors.values(name), name);
    }
    VisionLanguageModel.check(copy);
  }

  @Test
  void aLargeOneIsCutIntoFilesThatAnIndexNames() {
    CheckpointFolder base = Fixtures.checkpoint("qwen2.5-vl");
    CheckpointWriter.of(base).withShardBytes(200_000).write(output(), AdapterFolders.HADOOP);

    CheckpointFolder copy = open();
    List<String> files = copy.names().stream().filter(n -> n.endsWith(".safetensors")).toList();
    assertEquals("model-00001-of-0000" + files.size() + ".safetensors", files.get(0));
    long sum = 0;
    for (String file : files) {
      StoredTensors shard = StoredTensors.of(copy, file);
      long length = shard.names().stream().mapToLong(n -> shard.get(n).length()).sum();
      assertTrue(length <= 200_000 || shard.names().size() == 1, file);
      sum += length;
    }
    assertEquals(sum, copy.json(WeightFiles.INDEX).at("/metadata/total_size").asLong());
    assertEquals(
        TensorIndex.of(base).names().size(), copy.json(WeightFiles.INDEX).get("weight_map").size());
    assertEquals(Fingerprint.of(base), Fingerprint.of(copy));
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2-vl-bf16"})
  void anAdapterIsMergedAndRoundedToWhatTheBaseIsStoredIn(String base) throws IOException {
    Path adapter = AdapterFolders.copy("qwen2-vl-peft", base, temp.resolve("adapter"));
    CheckpointFolder adapted = AdapterFolders.open(adapter);
    CheckpointWriter.of(adapted).write(output(), AdapterFolders.HADOOP);

    assertFalse(open().adapter().isPresent());
    TensorIndex expected = TensorIndex.of(adapted);
    TensorIndex merged = TensorIndex.of(open());
    for (String name : expected.names()) {
      StoredType type = StoredType.valueOf(merged.stored(name).type());
      assertEquals(expected.stored(name).type(), type.name());
      assertArrayEquals(rounded(type, expected.values(name)), merged.values(name), name);
    }
    VisionLanguageModel.check(open());
  }

  @Test
  void newValuesTakeTheirPlaces() {
    List<String> written = new ArrayList<>();
    CheckpointWriter.of(Fixtures.checkpoint("qwen2-vl-bf16"))
        .withTensors(List.of(NamedTensor.of(NORM, List.of(64L), filled(1.00390625f))))
        .withListener(written::add)
        .write(output(), AdapterFolders.HADOOP);

    TensorIndex tensors = TensorIndex.of(open());
    assertArrayEquals(filled(1), tensors.values(NORM)); // half way: to even
    assertEquals("BF16", tensors.stored(NORM).type());
    assertEquals(tensors.names(), new TreeSet<>(written));
  }

  @Test
  void anotherTypeIsSaidInTheConfiguration() throws IOException {
    CheckpointWriter.of(Fixtures.checkpoint("qwen2-vl-bf16"))
        .withType(StoredType.F32)
        .write(output(), AdapterFolders.HADOOP);
    assertEquals("float32", open().json("config.json").get("torch_dtype").asText());
    assertEquals("F32", TensorIndex.of(open()).stored(NORM).type());

    Path nested = Files.createDirectories(temp.resolve("nested"));
    for (String name : Fixtures.checkpoint("qwen2-vl-nested").names()) {
      Files.copy(Fixtures.path("qwen2-vl-nested").resolve(name), nested.resolve(name));
    }
    AdapterFolders.edit(
        nested.resolve("config.json"),
        config -> ((ObjectNode) config.get("text_config")).put("dtype", "float32"));
    CheckpointWriter.of(AdapterFolders.open(nested))
        .withType(StoredType.BF16)
        .write(output(), AdapterFolders.HADOOP);
    assertEquals("bfloat16", open().json("config.json").get("dtype").asText());
    assertEquals("bfloat16", open().json("config.json").at("/text_config/dtype").asText());
  }

  @Test
  void refusesTensorsThatTheBaseLacks() {
    NamedTensor unknown = NamedTensor.of("model.nrom.weight", List.of(64L), new float[64]);
    assertRefused("Cannot replace tensor model.nrom.weight", unknown);
    assertRefused("has shape [64]", NamedTensor.of(NORM, List.of(63L), new float[63]));
  }

  @Test
  void aFailureLeavesNothing() throws IOException {
    assertRefused(
        "3.4028235E38 is not finite in BF16",
        NamedTensor.of(NORM, List.of(64L), filled(Float.MAX_VALUE)));
    try (Stream<Path> files = Files.list(temp)) {
      assertEquals(List.of(), files.toList());
    }
  }

  private void assertRefused(String part, NamedTensor tensor) {
    CheckpointWriter writer =
        CheckpointWriter.of(Fixtures.checkpoint("qwen2-vl-bf16")).withTensors(List.of(tensor));
    CheckpointException refusal =
        assertThrows(
            CheckpointException.class, () -> writer.write(output(), AdapterFolders.HADOOP));
    assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
  }

  private static float[] filled(float value) {
    float[] values = new float[64];
    Arrays.fill(values, value);
    return values;
  }

  private static float[] rounded(StoredType type, float[] values) {
    float[] rounded = new float[values.length];
    ByteBuffer buffer = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      type.put(values[i], buffer.clear());
      rounded[i] = type.get(buffer.flip());
    }
    return rounded;
  }

  private String output() {
    return temp.resolve("output").toString();
  }

  private CheckpointFolder open() {
    return AdapterFolders.open(temp.resolve("output"));
  }
}
