package dev.assay.checkpoint;

import java.util.Arrays;
import java.util.List;

/**
 * Where one tensor lies.
 *
 * @param file the safetensors file in the folder
 * @param type as the file names it; not every one can be loaded
 * @param offset first byte in the file
 * @param length bytes
 */
record StoredTensor(
    String name, String file, String type, List<Long> shape, long offset, long length) {

  long count() {
    return count(shape);
  }

  /** How many numbers a tensor of that shape has. */
  static long count(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
  }

  boolean hasShape(long... expected) {
    return shape.equals(Arrays.stream(expected).boxed().toList());
  }
}
