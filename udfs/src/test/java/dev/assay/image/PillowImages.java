package dev.assay.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.Fixtures;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.EncodedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** The files that {@code make_image_fixtures.py} wrote, and what Pillow made of them. */
final class PillowImages {
  private PillowImages() {}

  static JsonNode index() {
    try {
      return new ObjectMapper().readTree(Fixtures.bytes("decoding/index.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static EncodedImage file(String name) {
    return new EncodedImage(name, Fixtures.bytes("decoding/" + name));
  }

  /** Reads a gzipped P6 image with the header on one line. */
  static RgbImage ppm(String name) {
    byte[] bytes = Fixtures.bytes("decoding/" + name);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] plain = in.readAllBytes();
      int line = 0;
      while (plain[line] != '\n') {
        line++;
      }
      String[] header =
          new String(plain, 0, line, java.nio.charset.StandardCharsets.US_ASCII).split(" ");
      return new RgbImage(
          Integer.parseInt(header[1]),
          Integer.parseInt(header[2]),
          Arrays.copyOfRange(plain, line + 1, plain.length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
