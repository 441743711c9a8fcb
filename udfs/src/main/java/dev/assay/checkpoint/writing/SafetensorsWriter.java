package dev.assay.checkpoint.writing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.tensors.StoredTensor;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the same bytes as the safetensors library. Tensors are sorted by the width of their
 * numbers, widest first so that every tensor is aligned, then by name. The header is padded with
 * spaces to a multiple of eight bytes.
 */
public final class SafetensorsWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes one file. Tensors are written one after the other.
   *
   * @param out not closed
   * @throws CheckpointException if a name occurs twice, or a tensor's content has another length
   *     than it declares
   */
  public static void write(OutputStream out, List<OutgoingTensor> tensors) throws IOException {
    List<OutgoingTensor> sorted =
        tensors.stream()
            .sorted(
                Comparator.comparingLong(SafetensorsWriter::width)
                    .reversed()
                    .thenComparing(OutgoingTensor::name))
            .toList();
    byte[] header = header(sorted);
    out.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .array());
    out.write(header);
    for (OutgoingTensor tensor : sorted) {
      Counting counting = new Counting(out);
      tensor.content().writeTo(counting);
      if (counting.count != tensor.length()) {
        throw broken(tensor, "has " + counting.count + " bytes, not " + tensor.length());
      }
    }
  }

  private static byte[] header(List<OutgoingTensor> tensors) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    Set<String> names = new HashSet<>();
    long at = 0;
    for (OutgoingTensor tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw broken(tensor, "is there twice");
      }
      ObjectNode entry = header.putObject(tensor.name()).put("dtype", tensor.type());
      tensor.shape().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(at).add(at + tensor.length());
      at += tensor.length();
    }
    byte[] json = JSON.writeValueAsBytes(header);
    byte[] filled = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(filled, json.length, filled.length, (byte) ' ');
    return filled;
  }

  private static long width(OutgoingTensor tensor) {
    long count = StoredTensor.count(tensor.shape());
    return count == 0 ? 0 : tensor.length() / count;
  }

  private static CheckpointException broken(OutgoingTensor tensor, String why) {
    return new CheckpointException("Cannot write tensor " + tensor.name() + ": it " + why);
  }

  private static final class Counting extends FilterOutputStream {
    private long count;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      count += length;
    }
  }
}
