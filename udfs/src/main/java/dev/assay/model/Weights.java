package dev.assay.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.kernels.Kernels;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Loads tensors of a checkpoint onto a device, in the precision of the computation. Tensors stream
 * through a small buffer, so loading takes little more memory than the model.
 */
public final class Weights implements TensorSource {
  private static final int PIECE_BYTES = 32 << 20;

  private final TensorIndex index;
  private final Kernels kernels;
  private final NDManager owner;
  private final NDArray like;
  private final NDArray likeFloat;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);

  /**
   * @param owner owns the loaded arrays, on its device
   */
  public Weights(TensorIndex index, Kernels kernels, NDManager owner, Precision precision) {
    this.index = index;
    this.kernels = kernels.withGradient();
    this.owner = owner;
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

  @Override
  public NDArray tensor(String name, long... shape) {
    StoredType type = index.check(name, shape);
    return load(name, type, 0, shape.length == 0 ? 1 : shape[0], like, shape);
  }

  /** Several rows of a matrix in float32, in the given order. */
  NDArray float32Rows(String name, long rows, long columns, long... ids) {
    StoredType type = index.check(name, rows, columns);
    NDList parts = new NDList();
    for (long id : ids) {
      parts.add(load(name, type, id, 1, likeFloat, 1, columns));
    }
    NDArray result = NDArrays.concat(parts, 0);
    result.attach(owner);
    parts.close();
    return result;
  }

  private NDArray load(
      String name, StoredType type, long firstRow, long rows, NDArray like, long... shape) {
    Shape result = new Shape(shape);
    String store = "store_" + type.name().toLowerCase(Locale.ROOT);
    try (NDManager scope = owner.newSubManager();
        NDManager host = NDManager.newBaseManager(Device.cpu())) {
      NDArray flat = kernels.apply(scope, "empty", like, host.create(result.size()));
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
      NDArray shaped = flat.reshape(result);
      shaped.attach(owner);
      return shaped;
    }
  }
}
