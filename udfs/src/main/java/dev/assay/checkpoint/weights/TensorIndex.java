package dev.assay.checkpoint.weights;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.LowRankUpdate;
import dev.assay.checkpoint.adapter.PeftAdapter;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.tensors.StoredTensors;
import dev.assay.checkpoint.tensors.StoredType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Every weight of a checkpoint, by its released name ({@code model.layers.0…}, {@code visual.…}).
 *
 * <p>If the folder has an adapter, a weight that it adapts is computed as it is read: {@code W +
 * scaling B A}, in float32.
 */
public final class TensorIndex {
  private static final int PIECE_BYTES = 1 << 20;

  /** Numbers of a merged weight that are in memory at once. */
  private static final int BLOCK_NUMBERS = 4 << 20;

  private final StoredTensors tensors;
  private final Optional<PeftAdapter> adapter;

  private TensorIndex(StoredTensors tensors, Optional<PeftAdapter> adapter) {
    this.tensors = tensors;
    this.adapter = adapter;
  }

  /**
   * Reads the headers of all safetensors of a checkpoint.
   *
   * @throws CheckpointException if there are none, or one is truncated or inconsistent, or an
   *     adapter does not fit
   */
  public static TensorIndex of(CheckpointFolder folder) {
    Optional<PeftAdapter> adapter = folder.adapter().map(PeftAdapter::of);
    StoredTensors tensors = StoredTensors.of(folder);
    Fingerprint.checkBase(folder);
    adapter.ifPresent(a -> a.check(folder.withoutAdapter(), tensors));
    return new TensorIndex(tensors, adapter);
  }

  /** The released names of all tensors, sorted. */
  public SortedSet<String> names() {
    return tensors.names();
  }

  public boolean has(String name) {
    return tensors.has(name);
  }

  /** How and where a tensor is stored; null if there is none of that name. */
  public StoredTensor stored(String name) {
    return tensors.get(name);
  }

  /** The shape of a tensor that is there. */
  public List<Long> shape(String name) {
    return tensors.shape(name);
  }

  /** Whether an adapter changes a tensor. */
  public boolean adapts(String name) {
    return adapter.isPresent() && adapter.get().adapts(name);
  }

  /**
   * The type that {@link #read} gives a tensor in, if its shape is the expected one.
   *
   * @throws CheckpointException if the tensor is missing, of another shape, or of a type that
   *     cannot be read
   */
  public StoredType check(String name, long... shape) {
    return check(name, Arrays.stream(shape).boxed().toList());
  }

  /** The same for a shape that is at hand as a list. */
  public StoredType check(String name, List<Long> shape) {
    StoredType type = tensors.check(name, shape);
    return adapts(name) ? StoredType.F32 : type;
  }

  /** All numbers of a tensor in float32, row by row. For small ones: it is whole in memory. */
  public float[] values(String name) {
    List<Long> shape = shape(name);
    StoredType type = check(name, shape);
    float[] values = new float[Math.toIntExact(StoredTensor.count(shape))];
    read(
        name,
        0,
        stored(name).rows(),
        ByteBuffer.allocate(PIECE_BYTES),
        StoredTensors.decoder(type, values));
    return values;
  }

  /**
   * Reads {@code rows} rows from {@code firstRow} on (each number of a tensor of one axis is a
   * row).
   *
   * @param buffer its capacity is the size of a piece
   */
  public void read(
      String name, long firstRow, long rows, ByteBuffer buffer, StoredTensors.Sink sink) {
    if (adapts(name)) {
      readMerged(name, firstRow, rows, buffer, sink);
    } else {
      tensors.read(name, firstRow, rows, buffer, sink);
    }
  }

  /**
   * Fills what remains of a buffer with the bytes of a tensor that no adapter changes, as they are
   * stored.
   *
   * @param from the tensor's byte that comes first
   */
  public void fill(String name, long from, ByteBuffer into) {
    tensors.fill(name, from, into);
  }

  private void readMerged(
      String name, long firstRow, long rows, ByteBuffer buffer, StoredTensors.Sink sink) {
    LowRankUpdate update = adapter.orElseThrow().update(name);
    StoredType type = StoredType.valueOf(stored(name).type());
    int columns = Math.toIntExact(shape(name).get(1));
    int block = (int) Math.max(1, Math.min(rows, BLOCK_NUMBERS / columns));
    float[] values = new float[block * columns];
    for (long done = 0; done < rows; done += block) {
      int count = (int) Math.min(block, rows - done);
      tensors.read(name, firstRow + done, count, buffer, StoredTensors.decoder(type, values));
      update.addTo(values, firstRow + done, count);
      send(values, count * columns, done * columns, buffer, sink);
    }
  }

  /**
   * Gives the first {@code count} values to a sink, the first of which is its number {@code at}.
   */
  private static void send(
      float[] values, int count, long at, ByteBuffer buffer, StoredTensors.Sink sink) {
    int piece = buffer.capacity() / Float.BYTES;
    for (int done = 0; done < count; done += piece) {
      int size = Math.min(piece, count - done);
      buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
      buffer.asFloatBuffer().put(values, done, size);
      sink.accept(at + done, buffer.limit(size * Float.BYTES));
    }
  }
}
