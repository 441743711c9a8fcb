package dev.assay.checkpoint.tensors;

import java.util.List;

/**
 * Where one tensor is stored.
 *
 * @param name as the file spells it
 * @param file the safetensors file in the folder
 * @param type as the file names it; not every type can be loaded
 * @param offset first byte in the file
 * @param length bytes
 */
public record StoredTensor(
    String name, String file, String type, List<Long> shape, long offset, long length) {

  /** How many numbers it has. */
  public long count() {
    return count(shape);
  }

  /** The length of its first axis; 1 for a single number. */
  public long rows() {
    return shape.isEmpty() ? 1 : shape.get(0);
  }

  /** Bytes of what has one index along its first axis. */
  public long rowBytes() {
    return rows() == 0 ? length : length / rows();
  }

  /** How many numbers a tensor of that shape has. */
  public static long count(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
  }
}
