package dev.assay.checkpoint.writing;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.tensors.StoredType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor to be written into a safetensors file.
 *
 * @param name in the file
 * @param type in the file: one of {@link StoredType}, or another that is only copied
 * @param length bytes
 * @param content writes its bytes; called when its turn comes
 */
public record OutgoingTensor(
    String name, String type, List<Long> shape, long length, Content content) {
  private static final int PIECE_NUMBERS = 1 << 20;

  /** A tensor's bytes, little-endian. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  public OutgoingTensor {
    shape = List.copyOf(shape);
  }

  /**
   * Float32 values that are rounded to a type when they are written.
   *
   * @throws CheckpointException when it is written, if the number of values does not match the
   *     shape, or a value is not finite in that type
   */
  public static OutgoingTensor of(NamedTensor tensor, StoredType type) {
    long count = StoredTensor.count(tensor.shape());
    return new OutgoingTensor(
        tensor.name(),
        type.name(),
        tensor.shape(),
        count * type.bytes(),
        out -> {
          float[] values = tensor.values().get();
          if (values.length != count) {
            throw new CheckpointException(
                "Cannot write tensor "
                    + tensor.name()
                    + ": "
                    + values.length
                    + " values for shape "
                    + tensor.shape());
          }
          write(tensor.name(), values, values.length, type, out);
        });
  }

  OutgoingTensor withName(String other) {
    return new OutgoingTensor(other, type, shape, length, content);
  }

  /** The same tensor, with an action that runs after it is written. */
  OutgoingTensor then(Runnable next) {
    return new OutgoingTensor(
        name,
        type,
        shape,
        length,
        out -> {
          content.writeTo(out);
          next.run();
        });
  }

  /** Writes the first {@code count} values. */
  static void write(String name, float[] values, int count, StoredType type, OutputStream out)
      throws IOException {
    byte[] piece = new byte[Math.min(count, PIECE_NUMBERS) * type.bytes()];
    ByteBuffer buffer = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; ) {
      buffer.clear();
      for (int end = Math.min(count, done + PIECE_NUMBERS); done < end; done++) {
        type.put(values[done], buffer);
        if (!Float.isFinite(type.get(buffer.position(buffer.position() - type.bytes())))) {
          throw new CheckpointException(
              "Cannot write tensor " + name + ": " + values[done] + " is not finite in " + type);
        }
      }
      out.write(piece, 0, buffer.position());
    }
  }
}
