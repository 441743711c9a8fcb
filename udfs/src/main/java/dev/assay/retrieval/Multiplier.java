package dev.assay.retrieval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.assay.kernels.Kernels;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Multiplies vectors on a device. One for each device; thread-safe. */
final class Multiplier {
  private static final Map<Device, Multiplier> ALL = new ConcurrentHashMap<>();

  /** A product of this many queries, candidates and dimensions is timed to choose a precision. */
  private static final int[] SAMPLE = {256, 1024, 512};

  private static final int ROUNDS = 6;

  private final Kernels kernels;
  private final FirstPass fastest;

  private Multiplier(Device device) {
    this.kernels = Kernels.on(device);
    this.fastest = device.isGpu() ? FirstPass.FLOAT32 : fastestOf(device);
  }

  static Multiplier on(Device device) {
    return ALL.computeIfAbsent(device, Multiplier::new);
  }

  /**
   * The precision in which this device multiplies fastest, measured once. It is float32 on a GPU:
   * there reading the products takes longer than computing them, and products in bfloat16 may be
   * added up in bfloat16.
   */
  FirstPass fastest() {
    return fastest;
  }

  /** Vectors [rows, dimensions] on the device, in a precision. */
  NDArray operands(NDManager scope, FloatBuffer vectors, Shape shape, FirstPass precision) {
    NDArray exact = scope.create(vectors, shape, DataType.FLOAT32);
    if (precision == FirstPass.FLOAT32) {
      return exact;
    }
    try (exact) {
      return kernels.apply(scope, "bfloat16", exact);
    }
  }

  /**
   * The products [places, candidates] of some queries, in the precision of the operands.
   *
   * @param places of these queries among all
   */
  NDArray products(NDManager scope, NDArray queries, int[] places, NDArray candidates) {
    NDArray some = kernels.apply(scope, "rows", queries, scope.create(places));
    return kernels.apply(scope, "products", some, candidates);
  }

  /** In turn, so that other work on the machine delays both. The first round does not count. */
  private FirstPass fastestOf(Device device) {
    long[] shortest = new long[FirstPass.values().length];
    Arrays.fill(shortest, Long.MAX_VALUE);
    for (int round = 0; round <= ROUNDS; round++) {
      for (FirstPass precision : FirstPass.values()) {
        long took = nanoseconds(device, precision);
        if (round > 0) {
          shortest[precision.ordinal()] = Math.min(shortest[precision.ordinal()], took);
        }
      }
    }
    return shortest[FirstPass.BFLOAT16.ordinal()] < shortest[FirstPass.FLOAT32.ordinal()]
        ? FirstPass.BFLOAT16
        : FirstPass.FLOAT32;
  }

  private long nanoseconds(Device device, FirstPass precision) {
    int[] all = IntStream.range(0, SAMPLE[0]).toArray();
    try (NDManager scope = NDManager.newBaseManager(device, "PyTorch")) {
      NDArray queries = ones(scope, SAMPLE[0], precision);
      NDArray candidates = ones(scope, SAMPLE[1], precision);
      long start = System.nanoTime();
      products(scope, queries, all, candidates);
      return System.nanoTime() - start;
    }
  }

  private NDArray ones(NDManager scope, int rows, FirstPass precision) {
    Shape shape = new Shape(rows, SAMPLE[2]);
    FloatBuffer ones = FloatBuffer.allocate(rows * SAMPLE[2]);
    while (ones.hasRemaining()) {
      ones.put(1);
    }
    return operands(scope, ones.rewind(), shape, precision);
  }
}
