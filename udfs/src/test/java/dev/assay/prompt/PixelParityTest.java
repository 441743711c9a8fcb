package dev.assay.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.image.Deviation;
import dev.assay.image.ImageDecoder;
import dev.assay.image.pixels.BicubicResize;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.EncodedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Grids, resized pixels and {@code pixel_values} equal transformers'. */
class PixelParityTest {
  private final ImageDecoder decoder = new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS);

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2-vl-nested", "qwen2.5-vl"})
  void resizedPixelsEqualPil(String name) {
    ImageProcessor processor = ImageProcessor.of(Fixtures.checkpoint(name));
    for (JsonNode expected : Fixtures.reference(name).path("pixels").path("images")) {
      String file = expected.path("image").asText();
      RgbImage image = decode("images/" + file);
      Grid grid = processor.grid(image.width(), image.height());
      assertEquals(expected.path("rows").asInt(), grid.rows(), file);
      assertEquals(expected.path("columns").asInt(), grid.columns(), file);
      RgbImage resized =
          BicubicResize.resize(
              image, grid.columns() * processor.patchSize(), grid.rows() * processor.patchSize());
      RgbImage reference = decode(expected.path("file").asText());
      assertEquals(reference.width(), resized.width(), file);
      // libjpeg versions differ in nothing else than this last bit
      int allowed = file.endsWith(".jpg") ? 1 : 0;
      assertTrue(Deviation.max(reference, resized) <= allowed, () -> file + " deviates");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2-vl-nested", "qwen2.5-vl"})
  void patchesEqualPixelValues(String name) {
    JsonNode expected = Fixtures.reference(name).path("pixels").path("values");
    ImageProcessor processor = ImageProcessor.of(Fixtures.checkpoint(name));
    Patches patches = processor.process(decode("images/" + expected.path("image").asText()));
    ByteBuffer bytes =
        ByteBuffer.wrap(Fixtures.bytes(expected.path("file").asText()))
            .order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    assertEquals(expected.path("shape").path(0).asInt(), patches.grid().patches());
    assertArrayEquals(values, patches.values());
  }

  private RgbImage decode(String fixture) {
    return decoder.decode(new EncodedImage(fixture, Fixtures.bytes(fixture)));
  }
}
