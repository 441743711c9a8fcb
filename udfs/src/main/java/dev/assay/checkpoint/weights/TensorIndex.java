package dev.assay.checkpoint.weights;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.LowRankUpdate;
import dev.assay.checkpoint.tensors.SafetensorsHeader;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.tensors.TensorNames;
import dev.assay.checkpoint.tensors.WeightFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * Every tensor of a checkpoint, by name, over all its shards.
 *
 * <p>Tensors are asked for by the released name ({@code model.layers.0…}, {@code visual.…}) and
 * found under any spelling of it. Where an adapter is laid over the folder, a weight that it adapts
 * is given in float32 as it changes it, {@code W + scaling B A}.
 */
public final class TensorIndex {
  private static final int SAMPLE_BYTES = 4096;

  private static final int PIECE_BYTES = 1 << 20;

  /** Numbers of a merged weight that are in memory at once. */
  private static final int BLOCK_NUMBERS = 4 << 20;

  /** Receives a tensor's bytes piece by piece, in order. */
  public interface Sink {
    /**
     * @param first index of the first number in {@code bytes} within what was asked for
     * @param bytes little-endian numbers; reused after the call returns
     */
    void accept(long first, ByteBuffer bytes);
  }

  private final CheckpointFolder folder;
  private final Map<String, StoredTensor> tensors = new HashMap<>();

  private TensorIndex(CheckpointFolder folder, Collection<String> files) {
    this.folder = folder;
    for (String file : files) {
      for (StoredTensor tensor : SafetensorsHeader.read(folder, file)) {
        tensors.put(TensorNames.released(tensor.name()), tensor);
      }
    }
  }

  /**
   * Reads the headers of all safetensors of a folder.
   *
   * @throws CheckpointException if there are none, or one is truncated or inconsistent, or an
   *     adapter does not fit
   */
  public static TensorIndex of(CheckpointFolder folder) {
    TensorIndex index = new TensorIndex(folder, WeightFiles.in(folder));
    folder.adapter().ifPresent(adapter -> adapter.check(folder.withoutAdapter(), index));
    return index;
  }

  /** Reads the header of one safetensors file of a folder. */
  public static TensorIndex of(CheckpointFolder folder, String file) {
    return new TensorIndex(folder, List.of(file));
  }

  /** The released names of all tensors, sorted. */
  public SortedSet<String> names() {
    return new TreeSet<>(tensors.keySet());
  }

  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * The type a tensor is stored in, once its shape is what the architecture asks for.
   *
   * @throws CheckpointException if the tensor is missing, of another shape, or of a type that is
   *     not read
   */
  public StoredType check(String name, long... shape) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException("Cannot load " + folder + ": tensor " + name + " is missing");
    }
    if (!tensor.hasShape(shape)) {
      throw broken(
          tensor,
          "has shape " + tensor.shape() + ", config.json asks for " + Arrays.toString(shape));
    }
    StoredType type =
        StoredType.named(tensor.type())
            .orElseThrow(
                () ->
                    broken(tensor, "is of type " + tensor.type() + "; F32, BF16 and F16 are read"));
    if (tensor.count() * type.bytes() != tensor.length()) {
      throw broken(
          tensor,
          "has "
              + tensor.length()
              + " bytes, its shape "
              + tensor.shape()
              + " asks for "
              + tensor.count() * type.bytes());
    }
    return adapts(name) ? StoredType.F32 : type;
  }

  /** The same for a shape that is at hand as a list. */
  public StoredType check(String name, List<Long> shape) {
    return check(name, shape.stream().mapToLong(Long::longValue).toArray());
  }

  /** A tensor's shape. */
  public List<Long> shape(String name) {
    return tensors.get(name).shape();
  }

  /** A small tensor whole, row by row, in float32. Its shape is not checked. */
  public float[] values(String name) {
    List<Long> shape = shape(name);
    float[] values = new float[Math.toIntExact(StoredTensor.count(shape))];
    ByteBuffer buffer = ByteBuffer.allocate(PIECE_BYTES);
    StoredType type = check(name, shape);
    read(name, 0, shape.isEmpty() ? 1 : shape.get(0), buffer, decoder(type, values));
    return values;
  }

  /**
   * Reads {@code rows} rows from {@code firstRow} on (a tensor of one axis is one column of them).
   *
   * @param buffer its capacity is the size of a piece
   */
  public void read(String name, long firstRow, long rows, ByteBuffer buffer, Sink sink) {
    if (adapts(name)) {
      readMerged(name, firstRow, rows, buffer, sink);
    } else {
      readStored(name, firstRow, rows, buffer, sink);
    }
  }

  /** How and where a tensor is stored. */
  public StoredTensor stored(String name) {
    return tensors.get(name);
  }

  /** Whether an adapter changes a tensor. */
  public boolean adapts(String name) {
    return folder.adapter().isPresent() && folder.adapter().get().adapts(name);
  }

  private void readMerged(String name, long firstRow, long rows, ByteBuffer buffer, Sink sink) {
    LowRankUpdate update = folder.adapter().get().update(name);
    StoredType type = StoredType.valueOf(tensors.get(name).type());
    int columns = Math.toIntExact(shape(name).get(1));
    int block = (int) Math.max(1, Math.min(rows, BLOCK_NUMBERS / columns));
    float[] values = new float[block * columns];
    for (long done = 0; done < rows; done += block) {
      int count = (int) Math.min(block, rows - done);
      readStored(name, firstRow + done, count, buffer, decoder(type, values));
      update.addTo(values, firstRow + done, count);
      send(values, count * columns, done * columns, buffer, sink);
    }
  }

  private static Sink decoder(StoredType type, float[] into) {
    return (first, bytes) -> type.get(bytes, into, Math.toIntExact(first));
  }

  /**
   * Gives the first {@code count} values to a sink, the first of which is its number {@code at}.
   */
  private static void send(float[] values, int count, long at, ByteBuffer buffer, Sink sink) {
    int piece = buffer.capacity() / Float.BYTES;
    for (int done = 0; done < count; done += piece) {
      int size = Math.min(piece, count - done);
      buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
      buffer.asFloatBuffer().put(values, done, size);
      sink.accept(at + done, buffer.limit(size * Float.BYTES));
    }
  }

  private void readStored(String name, long firstRow, long rows, ByteBuffer buffer, Sink sink) {
    StoredTensor tensor = tensors.get(name);
    StoredType type = StoredType.valueOf(tensor.type());
    List<Long> shape = tensor.shape();
    long rowBytes =
        shape.isEmpty() || shape.get(0) == 0 ? tensor.length() : tensor.length() / shape.get(0);
    long from = tensor.offset() + firstRow * rowBytes;
    long total = rows * rowBytes;
    byte[] piece = new byte[(int) Math.min(total, buffer.capacity())];
    try (FSDataInputStream in = folder.open(tensor.file())) {
      in.seek(from);
      for (long done = 0; done < total; ) {
        int size = (int) Math.min(piece.length, total - done);
        in.readFully(piece, 0, size);
        buffer.clear().put(piece, 0, size).flip();
        sink.accept(done / type.bytes(), buffer);
        done += size;
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "Cannot read " + folder.file(tensor.file()) + ": " + e.getMessage(), e);
    }
  }

  /** Gives name, type, shape and first bytes of every tensor, in the order of their names. */
  public void sample(Consumer<byte[]> sink) {
    try {
      Map<String, FSDataInputStream> files = new HashMap<>();
      try {
        for (Map.Entry<String, StoredTensor> entry : new TreeMap<>(tensors).entrySet()) {
          StoredTensor tensor = entry.getValue();
          FSDataInputStream in = files.computeIfAbsent(tensor.file(), folder::open);
          byte[] head = new byte[(int) Math.min(SAMPLE_BYTES, tensor.length())];
          in.readFully(tensor.offset(), head);
          String what = entry.getKey() + " " + tensor.type() + " " + tensor.shape();
          sink.accept(what.getBytes(StandardCharsets.UTF_8));
          sink.accept(head);
        }
      } finally {
        for (FSDataInputStream in : files.values()) {
          in.close();
        }
      }
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  private CheckpointException broken(StoredTensor tensor, String why) {
    return new CheckpointException(
        "Cannot load " + folder.file(tensor.file()) + ": tensor " + tensor.name() + " " + why);
  }
}
