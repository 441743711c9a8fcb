package dev.assay.checkpoint.tensors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * The header of a safetensors file: its length in eight bytes, then JSON with the type, shape and
 * byte range of every tensor. Every range is checked against the length of the file.
 */
public final class SafetensorsHeader {
  private static final long MAX_HEADER_BYTES = 100L << 20; // the format's own limit

  private SafetensorsHeader() {}

  /**
   * Reads the entries of all tensors.
   *
   * @throws CheckpointException if the file is truncated, or an entry makes no sense
   */
  public static List<StoredTensor> read(CheckpointFolder folder, String file) {
    long length = folder.length(file);
    try (FSDataInputStream in = folder.open(file)) {
      if (length < 8) {
        throw broken(folder, file, "it is only " + length + " bytes long");
      }
      byte[] prefix = new byte[8];
      in.readFully(0, prefix);
      long size = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (size <= 0 || size > MAX_HEADER_BYTES || size > length - 8) {
        throw broken(
            folder, file, "it is truncated, or no safetensors file (header of " + size + " bytes)");
      }
      byte[] json = new byte[(int) size];
      in.readFully(8, json);
      return tensors(folder, file, folder.json(file, json), 8 + size, length);
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + folder.file(file) + ": " + e.getMessage(), e);
    }
  }

  private static List<StoredTensor> tensors(
      CheckpointFolder folder, String file, JsonNode header, long data, long length) {
    if (!header.isObject()) {
      throw broken(folder, file, "its header is no JSON object");
    }
    List<StoredTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (entry.getKey().equals("__metadata__")) {
        continue;
      }
      tensors.add(tensor(folder, file, entry.getKey(), entry.getValue(), data, length));
    }
    refuseOverlaps(folder, file, tensors);
    return tensors;
  }

  private static StoredTensor tensor(
      CheckpointFolder folder, String file, String name, JsonNode entry, long data, long length) {
    List<Long> shape = new ArrayList<>();
    entry.path("shape").forEach(size -> shape.add(whole(size)));
    long from = whole(entry.path("data_offsets").path(0));
    long to = whole(entry.path("data_offsets").path(1));
    if (from < 0 || to < from || !entry.path("shape").isArray() || !isCountable(shape)) {
      throw broken(folder, file, "the header's entry for tensor " + name + " makes no sense");
    }
    if (to > length - data) {
      throw broken(
          folder,
          file,
          String.format(
              Locale.ROOT,
              "it is truncated: tensor %s ends at byte %,d of %,d",
              name,
              data + to,
              length));
    }
    String type = entry.path("dtype").asText();
    return new StoredTensor(name, file, type, List.copyOf(shape), data + from, to - from);
  }

  /** A number from 0 on, or -1 for anything else. */
  private static long whole(JsonNode number) {
    return number.isIntegralNumber() && number.canConvertToLong() && number.asLong() >= 0
        ? number.asLong()
        : -1;
  }

  /** Whether the sizes are numbers from 0 on whose product, and any part of it, fits a long. */
  private static boolean isCountable(List<Long> shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0 || Math.multiplyHigh(count, Math.max(1, size)) != 0) {
        return false;
      }
      count *= Math.max(1, size);
      if (count < 0 || count > Long.MAX_VALUE / Double.BYTES) {
        return false;
      }
    }
    return true;
  }

  /** Two tensors over the same bytes are a broken header, for the safetensors library too. */
  private static void refuseOverlaps(
      CheckpointFolder folder, String file, List<StoredTensor> tensors) {
    List<StoredTensor> sorted =
        tensors.stream()
            .filter(tensor -> tensor.length() > 0)
            .sorted(Comparator.comparingLong(StoredTensor::offset))
            .toList();
    for (int i = 1; i < sorted.size(); i++) {
      StoredTensor before = sorted.get(i - 1);
      if (before.offset() + before.length() > sorted.get(i).offset()) {
        throw broken(
            folder,
            file,
            "tensors " + before.name() + " and " + sorted.get(i).name() + " share bytes");
      }
    }
  }

  private static CheckpointException broken(CheckpointFolder folder, String file, String why) {
    return new CheckpointException("Cannot load " + folder.file(file) + ": " + why);
  }
}
