package dev.assay.checkpoint.writing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.AdapterFolders;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.tensors.StoredTensors;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.weights.TensorIndex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsWriterTest {
  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2-vl-bf16", "qwen2.5-vl-fp16"})
  void aFileOfTheSafetensorsLibraryIsWrittenAgainByteForByte(String checkpoint) throws IOException {
    CheckpointFolder folder = Fixtures.checkpoint(checkpoint);
    TensorIndex index = TensorIndex.of(folder);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    SafetensorsWriter.write(
        out,
        index.names().stream()
            .map(name -> CopiedTensor.asStored(folder, index.stored(name)))
            .toList());

    assertArrayEquals(folder.bytes("model.safetensors"), out.toByteArray());
  }

  @Test
  void whatIsWrittenIsReadAgainToTheTypesPrecision() throws IOException {
    Random random = new Random(5);
    for (int trial = 0; trial < 20; trial++) {
      List<OutgoingTensor> outgoing = new ArrayList<>();
      TreeMap<String, float[]> expected = new TreeMap<>();
      TreeMap<String, List<Long>> shapes = new TreeMap<>();
      for (int t = random.nextInt(6); t >= 0; t--) {
        StoredType type = StoredType.values()[random.nextInt(3)];
        List<Long> shape = shape(random);
        float[] values = normal(random, StoredTensor.count(shape));
        String name = "model.t\"ö" + t + "." + type;
        outgoing.add(OutgoingTensor.of(NamedTensor.of(name, shape, values), type));
        shapes.put(name, shape);
        expected.put(name, values);
      }
      StoredTensors read = written(outgoing);

      assertEquals(expected.keySet(), read.names());
      for (String name : read.names()) {
        assertEquals(shapes.get(name), read.shape(name));
        float tolerance = name.endsWith("F32") ? 0 : name.endsWith("BF16") ? 0x1p-8f : 0x1p-11f;
        float[] values = read.values(name);
        for (int i = 0; i < values.length; i++) {
          float exact = expected.get(name)[i];
          assertEquals(
              exact, values[i], Math.abs(exact) * tolerance + 0x1p-25f * Math.signum(tolerance));
        }
      }
    }
  }

  @Test
  void refusesATensorThatIsThereTwice() {
    OutgoingTensor tensor = tensor("t", 1);
    assertRefused("Cannot write tensor t: it is there twice", tensor, tensor);
  }

  @Test
  void refusesMoreOrFewerValuesThanTheShapeHas() {
    NamedTensor tensor = NamedTensor.of("t", List.of(2L, 3L), new float[5]);
    assertRefused("5 values for shape [2, 3]", OutgoingTensor.of(tensor, StoredType.F32));
  }

  @Test
  void refusesValuesOutsideTheTypesRange() {
    assertRefused("65520.0 is not finite in F16", tensor("t", 65520));
    assertRefused("NaN is not finite in F16", tensor("t", Float.NaN));
  }

  private static OutgoingTensor tensor(String name, float value) {
    return OutgoingTensor.of(
        NamedTensor.of(name, List.of(1L), new float[] {value}), StoredType.F16);
  }

  private static void assertRefused(String part, OutgoingTensor... tensors) {
    CheckpointException refusal =
        assertThrows(
            CheckpointException.class,
            () -> SafetensorsWriter.write(new ByteArrayOutputStream(), List.of(tensors)));
    assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
  }

  private StoredTensors written(List<OutgoingTensor> tensors) throws IOException {
    try (OutputStream out = Files.newOutputStream(temp.resolve("file.safetensors"))) {
      SafetensorsWriter.write(out, tensors);
    }
    return StoredTensors.of(AdapterFolders.open(temp), "file.safetensors");
  }

  private static List<Long> shape(Random random) {
    List<Long> shape = new ArrayList<>();
    for (int axes = random.nextInt(4); axes > 0; axes--) {
      shape.add((long) random.nextInt(7));
    }
    return shape;
  }

  private static float[] normal(Random random, long count) {
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
