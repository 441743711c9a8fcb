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
 * A tensor on its way into a safetensors file.
 *
 * @param name as the file will have it
 * @param type as the file will have it, one of {@link StoredType} or another that is only copied
 * @param length bytes
 * @param content its bytes; asked for when it is its turn, and not kept
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
   * Float32 values, to be stored rounded to a type.
   *
   * @throws CheckpointException when it is written, if the values are not as many as its shape says
   *     or one is no finite number of that type
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

  /** The same, with something to do once it is written. */
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
              "Cannot write tensor " + name + ": " + values[done] + " is no number of " + type);
        }
      }
      out.write(piece, 0, buffer.position());
    }
  }
}
