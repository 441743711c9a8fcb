package dev.assay.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.assay.Fixtures;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.kernels.Kernels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loaded weights, against numbers that are decoded one by one. */
class WeightsTest {
  private static final String TABLE = "model.embed_tokens.weight";
  private static final String NORM = "model.norm.weight";

  @ParameterizedTest
  @CsvSource({
    "qwen2-vl, FLOAT32",
    "qwen2-vl, BFLOAT16",
    "qwen2-vl-bf16, FLOAT32",
    "qwen2-vl-bf16, BFLOAT16",
    "qwen2.5-vl-fp16, FLOAT32",
    "qwen2.5-vl-fp16, BFLOAT16"
  })
  void areTheNumbersOfTheFile(String checkpoint, Precision precision) {
    TensorIndex index = TensorIndex.of(Fixtures.checkpoint(checkpoint));
    try (NDManager owner = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Kernels kernels = Kernels.on(Device.cpu())) {
      // A segment that no tensor is a multiple of: the last one is shorter.
      Weights weights = new Weights(index, kernels, owner, precision, 1001);
      for (String name : new String[] {TABLE, NORM}) {
        long[] shape = index.shape(name).stream().mapToLong(Long::longValue).toArray();

        NDArray loaded = weights.tensor(name, shape);

        assertArrayEquals(shape, loaded.getShape().getShape());
        assertArrayEquals(
            rounded(owner, kernels, index.values(name), precision), floats(owner, kernels, loaded));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"qwen2-vl", "qwen2-vl-bf16"})
  void rowsAreFloat32InTheGivenOrder(String checkpoint) {
    TensorIndex index = TensorIndex.of(Fixtures.checkpoint(checkpoint));
    long rows = index.shape(TABLE).get(0);
    int columns = Math.toIntExact(index.shape(TABLE).get(1));
    float[] all = index.values(TABLE);
    try (NDManager owner = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Kernels kernels = Kernels.on(Device.cpu())) {
      Weights weights = new Weights(index, kernels, owner, Precision.BFLOAT16);

      NDArray loaded = weights.float32Rows(TABLE, rows, columns, rows - 1, 3);

      assertEquals(DataType.FLOAT32, loaded.getDataType());
      float[] expected = new float[2 * columns];
      System.arraycopy(all, Math.toIntExact(rows - 1) * columns, expected, 0, columns);
      System.arraycopy(all, 3 * columns, expected, columns, columns);
      assertArrayEquals(expected, loaded.toFloatArray());
    }
  }

  private static float[] rounded(
      NDManager owner, Kernels kernels, float[] values, Precision precision) {
    NDArray exact = owner.create(values);
    return precision == Precision.FLOAT32
        ? values
        : floats(owner, kernels, kernels.apply(owner, "bfloat16", exact));
  }

  /** The engine hands out float32 alone. */
  private static float[] floats(NDManager owner, Kernels kernels, NDArray array) {
    NDArray count = owner.create(array.size());
    return kernels.apply(owner, "numbers", array, owner.create(0L), count).toFloatArray();
  }
}
