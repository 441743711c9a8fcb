package dev.assay.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.kernels.Kernels;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Loads tensors of a checkpoint onto a device, in the precision of the computation. A tensor that
 * is stored as it is needed is read into its own memory. All others stream through a small buffer,
 * so loading takes little more memory than the model.
 */
public final class Weights implements TensorSource {
  private static final int PIECE_BYTES = 32 << 20;

  /** Numbers that are read at once: a buffer of Java has less than 2 GB. */
  private static final long SEGMENT = 1L << 28;

  private final TensorIndex index;
  private final Kernels kernels;
  private final NDManager owner;
  private final Precision precision;
  private final long segment;
  private final NDArray like;
  private final NDArray likeFloat;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);

  /**
   * @param owner owns the loaded arrays, on its device
   */
  public Weights(TensorIndex index, Kernels kernels, NDManager owner, Precision precision) {
    this(index, kernels, owner, precision, SEGMENT);
  }

  Weights(TensorIndex index, Kernels kernels, NDManager owner, Precision precision, long segment) {
    this.segment = segment;
    this.index = index;
    this.kernels = kernels.withGradient();
    this.owner = owner;
    this.precision = precision;
    this.likeFloat = owner.zeros(new Shape(1));
    this.like =
        precision == Precision.FLOAT32
            ? likeFloat
            : this.kernels.apply(owner, "bfloat16", likeFloat);
  }

  /** An array of one number in the precision of the computation. */
  public NDArray like() {
    return like;
  }

  /** Whether a tensor that is there is loaded without rounding. */
  public boolean isExact(String name) {
    return precision == Precision.FLOAT32
        || index.stored(name).type().equals(StoredType.BF16.name()) && !index.adapts(name);
  }

  @Override
  public NDArray tensor(String name, long... shape) {
    StoredType type = index.check(name, shape);
    return load(name, type, 0, shape.length == 0 ? 1 : shape[0], precision, shape);
  }

  /** Several rows of a matrix in float32, in the given order. */
  NDArray float32Rows(String name, long rows, long columns, long... ids) {
    StoredType type = index.check(name, rows, columns);
    NDList parts = new NDList();
    for (long id : ids) {
      parts.add(load(name, type, id, 1, Precision.FLOAT32, 1, columns));
    }
    NDArray result = NDArrays.concat(parts, 0);
    result.attach(owner);
    parts.close();
    return result;
  }

  private NDArray load(
      String name, StoredType type, long firstRow, long rows, Precision as, long... shape) {
    Shape result = new Shape(shape);
    try (NDManager scope = owner.newSubManager();
        NDManager host = NDManager.newBaseManager(Device.cpu())) {
      NDArray flat =
          kernels.apply(
              scope, "empty", as == precision ? like : likeFloat, host.create(result.size()));
      if (isStoredAs(as, type, name)) {
        fill(flat, name, firstRow * index.stored(name).rowBytes(), type);
      } else {
        convert(scope, host, flat, name, type, firstRow, rows);
      }
      NDArray shaped = flat.reshape(result);
      shaped.attach(owner);
      return shaped;
    }
  }

  /** Whether a tensor's bytes in the file are its bytes in the memory of this machine. */
  private boolean isStoredAs(Precision as, StoredType type, String name) {
    StoredType wanted = as == Precision.FLOAT32 ? StoredType.F32 : StoredType.BF16;
    return type == wanted && !index.adapts(name) && !owner.getDevice().isGpu();
  }

  /** Reads straight into the memory of an array. */
  private void fill(NDArray flat, String name, long from, StoredType type) {
    for (long at = 0; at < flat.size(); at += segment) {
      NDIndex range = new NDIndex().addSliceDim(at, Math.min(flat.size(), at + segment));
      try (NDArray part = flat.get(range)) {
        index.fill(name, from + at * type.bytes(), part.toByteBuffer(true));
      }
    }
  }

  private void convert(
      NDManager scope,
      NDManager host,
      NDArray flat,
      String name,
      StoredType type,
      long firstRow,
      long rows) {
    String store = "store_" + type.name().toLowerCase(Locale.ROOT);
    index.read(
        name,
        firstRow,
        rows,
        buffer,
        (first, bytes) -> {
          try (NDArray raw =
                  scope.create(bytes.slice(), new Shape(bytes.remaining()), DataType.UINT8);
              NDArray start = host.create(first)) {
            kernels.run(scope, store, flat, start, raw).close();
          }
        });
  }
}
