package dev.assay.checkpoint.tensors;

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
public record StoredTensor(
    String name, String file, String type, List<Long> shape, long offset, long length) {

  public long count() {
    return count(shape);
  }

  /** How many numbers a tensor of that shape has. */
  public static long count(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
  }

  public boolean hasShape(long... expected) {
    return shape.equals(Arrays.stream(expected).boxed().toList());
  }
}
