package dev.assay.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Reads a small float32 safetensors file of the fixtures, the plainest way. */
final class Tensors {
  private Tensors() {}

  static Map<String, float[]> read(String fixture) {
    ByteBuffer file = ByteBuffer.wrap(Fixtures.bytes(fixture)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) file.getLong()];
    file.get(header);
    int data = file.position();
    Map<String, float[]> tensors = new HashMap<>();
    try {
      JsonNode entries = new ObjectMapper().readTree(header);
      entries
          .fields()
          .forEachRemaining(
              entry -> {
                JsonNode offsets = entry.getValue().path("data_offsets");
                if (!offsets.isMissingNode()) {
                  int from = offsets.get(0).asInt();
                  float[] values = new float[(offsets.get(1).asInt() - from) / 4];
                  file.position(data + from)
                      .slice()
                      .order(ByteOrder.LITTLE_ENDIAN)
                      .asFloatBuffer()
                      .get(values);
                  tensors.put(entry.getKey(), values);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tensors;
  }
}
