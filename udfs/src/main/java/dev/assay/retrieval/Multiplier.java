package dev.assay.retrieval;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.assay.kernels.Kernels;
import dev.assay.retrieval.Operands.Scaled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
  private final long[] nanoseconds; // of the sample in each precision

  private Multiplier(Device device) {
    this.kernels = Kernels.on(device);
    this.nanoseconds = device.isGpu() ? onlyFloat32() : measured(device);
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
    return fastestFrom(0);
  }

  /** The fastest of those that are finer than this one; float32 after float32. */
  FirstPass fastestAfter(FirstPass precision) {
    return fastestFrom(Math.min(precision.ordinal(), FirstPass.FLOAT32.ordinal() - 1) + 1);
  }

  private FirstPass fastestFrom(int first) {
    int fastest = first;
    for (int i = first; i < nanoseconds.length; i++) {
      fastest = nanoseconds[i] < nanoseconds[fastest] ? i : fastest;
    }
    return FirstPass.values()[fastest];
  }

  /**
   * Vectors on the device, in a precision.
   *
   * @param together how many vectors may have one scale
   * @param staging memory that they may use until they are closed
   */
  Operands operands(
      NDManager scope,
      float[] vectors,
      int dimensions,
      int together,
      FirstPass precision,
      Staging staging) {
    int rows = vectors.length / dimensions;
    if (precision == FirstPass.INT8) {
      Shape padded = new Shape(Int8.paddedRows(rows), dimensions);
      ByteBuffer bytes = staging.bytes(scope, Math.toIntExact(padded.size()));
      Scaled[] scaled = Int8.write(vectors, dimensions, together, bytes);
      return new Operands(scope.create(bytes.rewind(), padded, DataType.INT8), scaled);
    }
    ByteBuffer bytes = staging.bytes(scope, Math.multiplyExact(vectors.length, Float.BYTES));
    bytes.asFloatBuffer().put(vectors);
    NDArray exact = scope.create(bytes, new Shape(rows, dimensions), DataType.FLOAT32);
    if (precision == FirstPass.FLOAT32) {
      return new Operands(exact, Magnitude.inFloat32(vectors, dimensions));
    }
    try (exact) {
      NDArray rounded = kernels.apply(scope, "bfloat16", exact);
      return new Operands(rounded, Magnitude.inBfloat16(vectors, dimensions));
    }
  }

  /**
   * The products [places, candidates] of some queries, in the precision of the operands, and what
   * {@link FirstPass#rows} needs with them.
   *
   * @param places of these queries among all
   */
  ByteBuffer[] products(
      NDManager scope, Operands queries, int[] places, Operands candidates, FirstPass precision) {
    NDArray some = kernels.apply(scope, "rows", queries.numbers(), scope.create(places));
    String method = precision == FirstPass.INT8 ? "int8_products" : "products";
    NDList products = kernels.run(scope, method, some, candidates.numbers());
    return products.stream()
        .map(array -> array.toByteBuffer(true).order(ByteOrder.nativeOrder()))
        .toArray(ByteBuffer[]::new);
  }

  private static long[] onlyFloat32() {
    long[] nanoseconds = new long[FirstPass.values().length];
    Arrays.fill(nanoseconds, Long.MAX_VALUE);
    nanoseconds[FirstPass.FLOAT32.ordinal()] = 0;
    return nanoseconds;
  }

  /** In turn, so that other work on the machine delays all. The first round does not count. */
  private long[] measured(Device device) {
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
    return shortest;
  }

  /** Forever if this engine has no such product. */
  private long nanoseconds(Device device, FirstPass precision) {
    try {
      return nanosecondsOfOnes(device, precision);
    } catch (EngineException e) {
      return Long.MAX_VALUE;
    }
  }

  /**
   * Forever if the product is wrong: old processors cut off the sum of two products of int8 numbers
   * where it does not fit into 16 bits, as it does not here.
   */
  private long nanosecondsOfOnes(Device device, FirstPass precision) {
    int[] all = IntStream.range(0, SAMPLE[0]).toArray();
    try (NDManager scope = NDManager.newBaseManager(device, "PyTorch")) {
      Operands queries = ones(scope, SAMPLE[0], precision);
      Operands candidates = ones(scope, SAMPLE[1], precision);
      long start = System.nanoTime();
      ByteBuffer[] products = products(scope, queries, all, candidates, precision);
      long took = System.nanoTime() - start;
      ProductRows rows = precision.rows(products, SAMPLE[1]);
      double scale = queries.row(0).scale() * candidates.row(0).scale();
      long[] found = new long[SAMPLE[1]];
      for (int row : all) {
        rows.read(row, scale);
        int right = rows.atLeast(SAMPLE[2] * (1 - 1e-6f), 0, SAMPLE[1], found);
        if (right < SAMPLE[1]) {
          return Long.MAX_VALUE;
        }
      }
      return took;
    }
  }

  private Operands ones(NDManager scope, int rows, FirstPass precision) {
    float[] ones = new float[rows * SAMPLE[2]];
    Arrays.fill(ones, 1);
    return operands(scope, ones, SAMPLE[2], rows, precision, new Staging());
  }
}
