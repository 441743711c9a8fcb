package dev.assay.checkpoint.tensors;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The tensors in some safetensors files of a folder, as they are stored. They go by their released
 * names ({@code model.layers.0…}, {@code visual.…}), however a file spells them.
 */
public final class StoredTensors {
  private static final int PIECE_BYTES = 1 << 20;

  /** Receives a tensor's bytes piece by piece, in order. */
  @FunctionalInterface
  public interface Sink {
    /**
     * @param first index of the first number in {@code bytes}, counted from the first one requested
     * @param bytes little-endian numbers; reused after the call returns
     */
    void accept(long first, ByteBuffer bytes);
  }

  private final CheckpointFolder folder;
  private final TreeMap<String, StoredTensor> tensors = new TreeMap<>();

  private StoredTensors(CheckpointFolder folder, Collection<String> files) {
    this.folder = folder;
    for (String file : files) {
      for (StoredTensor tensor : SafetensorsHeader.read(folder, file)) {
        String name = TensorNames.released(tensor.name());
        StoredTensor other = tensors.put(name, tensor);
        if (other != null) {
          throw broken(
              tensor, "is there twice: " + other.file() + " has it as " + other.name() + ", too");
        }
      }
    }
  }

  /**
   * Reads the headers of a checkpoint's weights.
   *
   * @throws CheckpointException if there are none, or one is truncated or inconsistent
   */
  public static StoredTensors of(CheckpointFolder folder) {
    return new StoredTensors(folder, WeightFiles.in(folder));
  }

  /** Reads the header of one file. */
  public static StoredTensors of(CheckpointFolder folder, String file) {
    return new StoredTensors(folder, List.of(file));
  }

  /** The released names of all tensors, sorted. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(tensors.navigableKeySet());
  }

  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** How and where a tensor is stored; null if there is none of that name. */
  public StoredTensor get(String name) {
    return tensors.get(name);
  }

  /** The shape of a tensor that is there. */
  public List<Long> shape(String name) {
    return tensors.get(name).shape();
  }

  /**
   * The type of a tensor, if its shape is the expected one.
   *
   * @throws CheckpointException if the tensor is missing, of another shape, or of a type that
   *     cannot be read
   */
  public StoredType check(String name, List<Long> shape) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException("Cannot load " + folder + ": tensor " + name + " is missing");
    }
    if (!tensor.shape().equals(shape)) {
      throw broken(tensor, "has shape " + tensor.shape() + ", config.json asks for " + shape);
    }
    StoredType type =
        StoredType.named(tensor.type())
            .orElseThrow(
                () ->
                    broken(
                        tensor,
                        "is of type "
                            + tensor.type()
                            + "; Assay reads "
                            + Arrays.toString(StoredType.values())));
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
    return type;
  }

  /** All numbers of a tensor in float32, row by row. For small ones: it is whole in memory. */
  public float[] values(String name) {
    List<Long> shape = shape(name);
    StoredType type = check(name, shape);
    float[] values = new float[Math.toIntExact(StoredTensor.count(shape))];
    read(name, 0, get(name).rows(), ByteBuffer.allocate(PIECE_BYTES), decoder(type, values));
    return values;
  }

  /**
   * Reads {@code rows} rows from {@code firstRow} on (each number of a tensor of one axis is a
   * row).
   *
   * @param buffer its capacity is the size of a piece
   */
  public void read(String name, long firstRow, long rows, ByteBuffer buffer, Sink sink) {
    StoredTensor tensor = tensors.get(name);
    StoredType type = StoredType.valueOf(tensor.type());
    long total = rows * tensor.rowBytes();
    for (long done = 0; done < total; ) {
      int size = (int) Math.min(buffer.capacity(), total - done);
      buffer.clear().limit(size);
      fill(name, firstRow * tensor.rowBytes() + done, buffer);
      sink.accept(done / type.bytes(), buffer.flip());
      done += size;
    }
  }

  /**
   * Fills what remains of a buffer with the bytes of a tensor, as they are stored.
   *
   * @param from the tensor's byte that comes first
   */
  public void fill(String name, long from, ByteBuffer into) {
    StoredTensor tensor = tensors.get(name);
    folder.read(tensor.file(), tensor.offset() + from, into);
  }

  /** Decodes all pieces of one request into an array. */
  public static Sink decoder(StoredType type, float[] into) {
    return (first, bytes) -> type.get(bytes, into, Math.toIntExact(first));
  }

  private CheckpointException broken(StoredTensor tensor, String why) {
    return new CheckpointException(
        "Cannot load " + folder.file(tensor.file()) + ": tensor " + tensor.name() + " " + why);
  }
}
