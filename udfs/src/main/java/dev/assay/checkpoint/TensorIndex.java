package dev.assay.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * Every tensor of a checkpoint, by name, over all its shards.
 *
 * <p>Released checkpoints say {@code model.layers.0…}, {@code visual.…}, {@code lm_head.weight};
 * newer dumps say {@code model.language_model.layers.0…} and {@code model.visual.…}. Tensors are
 * asked for by the released name and found under either.
 */
public final class TensorIndex {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private static final int SAMPLE_BYTES = 4096;

  /** Receives a tensor's bytes piece by piece, in order. */
  public interface Sink {
    /**
     * @param first index of the first number in {@code bytes} within what was asked for
     * @param bytes little-endian numbers; direct, and reused after the call returns
     */
    void accept(long first, ByteBuffer bytes);
  }

  private final CheckpointFolder folder;
  private final Map<String, StoredTensor> tensors = new HashMap<>();

  private TensorIndex(CheckpointFolder folder) {
    this.folder = folder;
  }

  /**
   * Reads the headers of all safetensors of a folder.
   *
   * @throws CheckpointException if there are none, or one is truncated or inconsistent
   */
  public static TensorIndex of(CheckpointFolder folder) {
    TensorIndex index = new TensorIndex(folder);
    for (String file : files(folder)) {
      for (StoredTensor tensor : SafetensorsHeader.read(folder, file)) {
        index.tensors.put(releasedName(tensor.name()), tensor);
      }
    }
    return index;
  }

  private static TreeSet<String> files(CheckpointFolder folder) {
    TreeSet<String> files = new TreeSet<>();
    if (folder.has(INDEX)) {
      for (JsonNode file : folder.json(INDEX).path("weight_map")) {
        files.add(file.asText());
      }
      for (String file : files) {
        if (!folder.has(file)) {
          throw new CheckpointException(
              "Cannot load " + folder + ": " + INDEX + " names " + file + ", which is not there");
        }
      }
    } else if (folder.has(SINGLE)) {
      files.add(SINGLE);
    }
    if (files.isEmpty()) {
      boolean pickle =
          folder.names().stream()
              .anyMatch(n -> n.endsWith(".bin") || n.endsWith(".pt") || n.endsWith(".pth"));
      throw new CheckpointException(
          "Cannot load "
              + folder
              + ": it has no "
              + SINGLE
              + (pickle
                  ? "; pickled weights are never read, save the model with safe_serialization=True"
                  : ""));
    }
    return files;
  }

  private static String releasedName(String name) {
    if (name.startsWith("model.language_model.")) {
      return "model." + name.substring("model.language_model.".length());
    }
    if (name.startsWith("model.visual.")) {
      return name.substring("model.".length());
    }
    return name;
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
        Arrays.stream(StoredType.values())
            .filter(t -> t.name().equals(tensor.type()))
            .findFirst()
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
    return type;
  }

  /**
   * Reads {@code rows} rows from {@code firstRow} on (a tensor of one axis is one column of them).
   *
   * @param buffer direct; its capacity is the size of a piece
   */
  public void read(String name, long firstRow, long rows, ByteBuffer buffer, Sink sink) {
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
  void sample(Consumer<byte[]> sink) {
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
