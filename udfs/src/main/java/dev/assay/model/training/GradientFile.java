package dev.assay.model.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Sums of gradients in a local file, float32. The file has no name, so that nothing of it remains
 * when the process ends.
 */
final class GradientFile implements AutoCloseable {
  /** Numbers that are in memory at once. */
  private static final int PIECE = 1 << 20;

  private final FileChannel channel;
  private final long[] starts; // of each parameter, in numbers, and the end
  private final boolean[] written;
  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(PIECE * Float.BYTES).order(ByteOrder.nativeOrder());

  /** Some numbers of what is added. */
  @FunctionalInterface
  interface Source {
    float[] numbers(int from, int to);
  }

  GradientFile(Path folder, List<Parameter> parameters) {
    this.starts = new long[parameters.size() + 1];
    this.written = new boolean[parameters.size()];
    for (int p = 0; p < written.length; p++) {
      starts[p + 1] = starts[p] + parameters.get(p).size();
    }
    try {
      Path file = Files.createTempFile(folder, "gradients", null);
      this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep gradients in " + folder + ": " + e, e);
    }
  }

  /** Adds to all numbers of a parameter, some at a time. */
  void add(int parameter, Source more) {
    int size = size(parameter);
    for (int from = 0; from < size; from += PIECE) {
      int to = Math.min(size, from + PIECE);
      add(starts[parameter] + from, more.numbers(from, to), written[parameter]);
    }
    written[parameter] = true;
  }

  /**
   * Adds to some rows of a matrix.
   *
   * @param values {@code [rows, columns]}
   */
  void addRows(int parameter, long[] rows, float[] values) {
    if (!written[parameter]) {
      add(parameter, (from, to) -> new float[to - from]);
    }
    int columns = values.length / Math.max(1, rows.length);
    float[] row = new float[columns];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(values, r * columns, row, 0, columns);
      add(starts[parameter] + rows[r] * columns, row, true);
    }
  }

  private void add(long at, float[] values, boolean toOthers) {
    float[] sum = values;
    if (toOthers) {
      sum = read(at, values.length);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i];
      }
    }
    bytes.clear().limit(sum.length * Float.BYTES);
    bytes.asFloatBuffer().put(sum);
    try {
      for (long to = at * Float.BYTES; bytes.hasRemaining(); ) {
        to += channel.write(bytes, to);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write gradients: " + e.getMessage(), e);
    }
  }

  /** Sums; zeros where nothing was added. */
  float[] read(Piece piece) {
    float[] numbers = new float[piece.length()];
    if (written[piece.parameter()]) {
      long first = starts[piece.parameter()] + piece.from();
      for (int done = 0; done < numbers.length; done += PIECE) {
        float[] some = read(first + done, Math.min(PIECE, numbers.length - done));
        System.arraycopy(some, 0, numbers, done, some.length);
      }
    }
    return numbers;
  }

  private float[] read(long at, int count) {
    bytes.clear().limit(count * Float.BYTES);
    try {
      for (long from = at * Float.BYTES; bytes.hasRemaining(); ) {
        int read = channel.read(bytes, from);
        if (read < 0) {
          throw new IOException("the file ends at " + from);
        }
        from += read;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read gradients: " + e.getMessage(), e);
    }
    float[] numbers = new float[count];
    bytes.flip().asReadOnlyBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer().get(numbers);
    return numbers;
  }

  void clear(int parameter) {
    written[parameter] = false;
  }

  private int size(int parameter) {
    return Math.toIntExact(starts[parameter + 1] - starts[parameter]);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close the gradients: " + e.getMessage(), e);
    }
  }
}
