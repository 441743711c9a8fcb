package dev.assay.retrieval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.assay.kernels.Kernels;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Multiplies vectors on a device. One for each device; thread-safe. */
final class Multiplier {
  private static final Map<Device, Multiplier> ALL = new ConcurrentHashMap<>();

  /** A product of this many queries, candidates and dimensions is timed to choose a precision. */
  private static final int[] SAMPLE = {128, 512, 512};

  private static final int ROUNDS = 3;

  private final Kernels kernels;
  private final Precision fastest;

  private Multiplier(Device device) {
    this.kernels = Kernels.on(device);
    this.fastest = device.isGpu() ? Precision.FLOAT32 : fastestOf(device);
  }

  static Multiplier on(Device device) {
    return ALL.computeIfAbsent(device, Multiplier::new);
  }

  /**
   * The precision in which this device multiplies fastest, measured once. It is float32 on a GPU:
   * there reading the products takes longer than computing them, and products in bfloat16 may be
   * added up in bfloat16.
   */
  Precision fastest() {
    return fastest;
  }

  /** Vectors [rows, dimensions] on the device, in a precision. */
  NDArray operands(NDManager scope, FloatBuffer vectors, Shape shape, Precision precision) {
    NDArray exact = scope.create(vectors, shape, DataType.FLOAT32);
    if (precision == Precision.FLOAT32) {
      return exact;
    }
    try (exact) {
      return kernels.apply(scope, "bfloat16", exact);
    }
  }

  /** The products [queries, candidates], in the precision of the operands. */
  NDArray products(NDManager scope, NDArray queries, NDArray candidates) {
    return kernels.apply(scope, "products", queries, candidates);
  }

  private Precision fastestOf(Device device) {
    return seconds(device, Precision.BFLOAT16) < seconds(device, Precision.FLOAT32)
        ? Precision.BFLOAT16
        : Precision.FLOAT32;
  }

  /** The shortest of some rounds, after one that does not count. */
  private double seconds(Device device, Precision precision) {
    double shortest = Double.POSITIVE_INFINITY;
    try (NDManager scope = NDManager.newBaseManager(device, "PyTorch")) {
      NDArray queries = ones(scope, SAMPLE[0], precision);
      NDArray candidates = ones(scope, SAMPLE[1], precision);
      products(scope, queries, candidates);
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        products(scope, queries, candidates);
        shortest = Math.min(shortest, System.nanoTime() - start);
      }
    }
    return shortest;
  }

  private NDArray ones(NDManager scope, int rows, Precision precision) {
    Shape shape = new Shape(rows, SAMPLE[2]);
    FloatBuffer ones = FloatBuffer.allocate(rows * SAMPLE[2]);
    while (ones.hasRemaining()) {
      ones.put(1);
    }
    return operands(scope, ones.rewind(), shape, precision);
  }
}
