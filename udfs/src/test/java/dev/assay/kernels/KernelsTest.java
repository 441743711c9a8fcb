package dev.assay.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
      Map<String, NDArray> weights = decoderLayer(scope);
      weights.values().forEach(weight -> weight.setRequiresGradient(true));
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
              new BlockWeights(weights));
      NDArray out = results.get(0);
      JniUtils.backward((PtNDArray) out, (PtNDArray) out.onesLike(), false, false);

      assertEquals(new Shape(tokens, hidden), out.getShape());
      weights.forEach(
          (name, weight) -> assertTrue(weight.getGradient().abs().sum().getFloat() > 0, name));
      assertTrue(x.getGradient().abs().sum().getFloat() > 0);
    }
  }

  @Test
  void aMissingWeightIsNamed() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.on(Device.cpu())) {
      Map<String, NDArray> weights = decoderLayer(scope);
      weights.remove("mlp.up_proj.weight");
      NDArray x = scope.ones(new Shape(3, 8));
      BlockWeights without = new BlockWeights(weights);

      for (Kernels mode : List.of(kernels, kernels.withGradient())) {
        Exception refused =
            assertThrows(Exception.class, () -> mode.run(scope, "rest", rest(scope, x, without)));
        assertTrue(refused.getMessage().contains("mlp.up_proj.weight"), refused.getMessage());
      }
    }
  }

  @Test
  void theOrderOfWeightsDoesNotMatter() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.on(Device.cpu())) {
      Map<String, NDArray> weights = decoderLayer(scope);
      Map<String, NDArray> sorted = new TreeMap<>(weights);
      NDArray x = scope.randomNormal(new Shape(3, 8));

      for (Kernels mode : List.of(kernels, kernels.withGradient())) {
        NDArray expected = mode.apply(scope, "rest", rest(scope, x, new BlockWeights(weights)));
        NDArray ours = mode.apply(scope, "rest", rest(scope, x, new BlockWeights(sorted)));
        assertArrayEquals(expected.toFloatArray(), ours.toFloatArray());
      }
    }
  }

  @Test
  void threadsShareArraysThatStandInListsAndDictionariesAndAlone() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.on(Device.cpu())) {
      Kernels training = kernels.withGradient();
      Map<String, NDArray> weights = decoderLayer(scope);
      BlockWeights block = new BlockWeights(weights);
      NDArray gate = weights.get("mlp.gate_proj.weight");
      NDArray x = scope.randomNormal(new Shape(3, 8));
      float[] rest = training.apply(scope, "rest", rest(scope, x, block)).toFloatArray();
      float[] copy = gate.toFloatArray();

      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        int kind = i % 3;
        work.add(
            () -> {
              try (NDManager own = scope.newSubManager()) {
                NDArray result =
                    switch (kind) {
                      case 0 -> training.apply(own, "rest", rest(own, x, block));
                      case 1 -> training.apply(own, "copy", gate);
                      default -> training.apply(own, "together", new NDList(gate));
                    };
                assertArrayEquals(kind == 0 ? rest : copy, result.toFloatArray());
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static Object[] rest(NDManager scope, NDArray x, BlockWeights weights) {
    return new Object[] {x, scope.ones(new Shape(3, 8)), scope.create(1e-6f), weights};
  }

  /** Hidden size 8, two heads of 4, one of keys and values, 16 within the MLP. */
  private static Map<String, NDArray> decoderLayer(NDManager scope) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("input_layernorm.weight", new Shape(8));
    shapes.put("self_attn.q_proj.weight", new Shape(8, 8));
    shapes.put("self_attn.q_proj.bias", new Shape(8));
    shapes.put("self_attn.k_proj.weight", new Shape(4, 8));
    shapes.put("self_attn.k_proj.bias", new Shape(4));
    shapes.put("self_attn.v_proj.weight", new Shape(4, 8));
    shapes.put("self_attn.v_proj.bias", new Shape(4));
    shapes.put("self_attn.o_proj.weight", new Shape(8, 8));
    shapes.put("post_attention_layernorm.weight", new Shape(8));
    shapes.put("mlp.gate_proj.weight", new Shape(16, 8));
    shapes.put("mlp.up_proj.weight", new Shape(16, 8));
    shapes.put("mlp.down_proj.weight", new Shape(8, 16));
    Map<String, NDArray> weights = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> weights.put(name, scope.randomNormal(shape)));
    return weights;
  }
}
