package dev.assay.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KernelsTest {
  private static final float INF = Float.NEGATIVE_INFINITY;

  @Test
  void readsBfloat16FromRawBytes() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.on(Device.cpu())) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(4).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putShort((short) 0x3f80).putShort((short) 0xc040).rewind();
      NDArray raw = scope.create(bytes, new Shape(4), DataType.UINT8);
      NDArray target = scope.zeros(new Shape(3));

      kernels.apply(scope, "store_bf16", target, scope.create(1L), raw);

      assertArrayEquals(new float[] {0f, 1f, -3f}, target.toFloatArray());
    }
  }

  @Test
  void aPackedTokenSeesThePrefixAndItsOwnSegmentsPast() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.on(Device.cpu())) {
      NDArray segments = scope.create(new long[] {0, 0, 1});
      NDArray past = scope.zeros(new Shape(1, 2, 4));

      NDArray mask = kernels.apply(scope, "pack_mask", segments, past, scope.zeros(new Shape(1)));

      assertArrayEquals(
          new float[] {0, 0, 0, INF, INF, 0, 0, 0, 0, INF, 0, 0, INF, INF, 0}, mask.toFloatArray());
    }
  }

  @Test
  void gradientsFlowThroughADecoderLayer() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.on(Device.cpu())) {
      Kernels training = kernels.withGradient();
      int tokens = 3;
      int hidden = 8;
      int[][] shapes = {
        {8}, {8, 8}, {8}, {4, 8}, {4}, {4, 8}, {4}, {8, 8}, {8}, {16, 8}, {16, 8}, {8, 16}
      };
      NDList weights = new NDList();
      for (int[] shape : shapes) {
        long[] size = Arrays.stream(shape).asLongStream().toArray();
        NDArray weight = scope.randomNormal(new Shape(size));
        weight.setRequiresGradient(true);
        weights.add(weight);
      }
      NDArray x = scope.randomNormal(new Shape(tokens, hidden));
      x.setRequiresGradient(true);
      NDArray past = scope.zeros(new Shape(1, 0, 4));
      NDArray mask =
          training.apply(
              scope, "pack_mask", scope.zeros(new Shape(tokens), DataType.INT64), past, x);
      NDArray angles = scope.ones(new Shape(tokens, 4));

      JniUtils.setGradMode(true);
      NDList results =
          training.run(
              scope,
              "decoder_layer",
              x,
              angles,
              angles,
              mask,
              past,
              past,
              scope.create(1e-6f),
              weights);
      NDArray out = results.get(0);
      JniUtils.backward((PtNDArray) out, (PtNDArray) out.onesLike(), false, false);

      assertEquals(new Shape(tokens, hidden), out.getShape());
      for (NDArray weight : weights) {
        assertTrue(weight.getGradient().abs().sum().getFloat() > 0, weight.getShape().toString());
      }
      assertTrue(x.getGradient().abs().sum().getFloat() > 0);
    }
  }
}
