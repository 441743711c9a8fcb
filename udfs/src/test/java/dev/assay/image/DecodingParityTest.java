package dev.assay.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.image.pixels.BicubicResize;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of file decodes to Pillow's pixels or is refused for the right reason. */
class DecodingParityTest {
  private final ImageDecoder decoder = new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS);

  static Stream<String> good() {
    return StreamSupport.stream(PillowImages.index().path("good").spliterator(), false)
        .map(JsonNode::asText);
  }

  @ParameterizedTest
  @MethodSource("good")
  void decodesToPillowsPixels(String name) {
    RgbImage expected = PillowImages.ppm("expected/" + name + ".ppm.gz");
    RgbImage actual = decoder.decode(PillowImages.file(name));
    assertEquals(
        expected.width() + "x" + expected.height(), actual.width() + "x" + actual.height());
    if (name.startsWith("webp-lossy") || name.startsWith("webp-prof")) {
      // The plugin's lossy decoder drifts from libwebp.
      double mean = Deviation.mean(expected, actual);
      System.out.printf(
          "%s: mean deviation %.2f, largest %d%n", name, mean, Deviation.max(expected, actual));
      assertTrue(mean <= 8, () -> name + " deviates by " + mean + " in the mean");
      return;
    }
    // A Java runtime may bring its own libjpeg, whose last bit may be another.
    int allowed = name.endsWith(".jpg") || name.equals("tiff-jpeg.tif") ? 1 : 0;
    int deviation = Deviation.max(expected, actual);
    assertTrue(deviation <= allowed, () -> name + " deviates by " + deviation);
  }

  @Test
  void refusesBrokenFilesWithTheirReason() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode file : PillowImages.index().path("bad")) {
      String name = file.path("file").asText();
      String reason = file.path("reason").asText();
      try {
        decoder.decode(PillowImages.file(name));
        wrong.add(name + " was decoded");
      } catch (BadItemException e) {
        if (!e.reason().equals(reason)) {
          wrong.add(name + " is " + e.reason() + " (" + e.detail() + "), not " + reason);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void resizesBitForBitAsPillow() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode resized : PillowImages.index().path("resized")) {
      RgbImage source = PillowImages.ppm("expected/" + resized.path("file").asText() + ".ppm.gz");
      RgbImage expected = PillowImages.ppm(resized.path("expected").asText());
      RgbImage actual = BicubicResize.resize(source, expected.width(), expected.height());
      int deviation = Deviation.max(expected, actual);
      if (deviation != 0) {
        wrong.add(resized.path("expected").asText() + " deviates by " + deviation);
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** Anything else than a BadItemException would stop a job. */
  @Test
  void damagedFilesAreDecodedOrRefused() {
    ImageDecoder small = new ImageDecoder(1_000_000);
    Random random = new Random(11);
    for (String name : good().toList()) {
      EncodedImage whole = PillowImages.file(name);
      for (int round = 0; round < 20; round++) {
        byte[] bytes = whole.bytes().clone();
        for (int i = random.nextInt(8); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        if (round % 4 == 0) {
          bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        EncodedImage damaged = new EncodedImage(name, bytes);
        try {
          assertTrue(small.decode(damaged).width() > 0);
        } catch (BadItemException e) {
          assertTrue(
              List.of("unreadable_image", "truncated_image", "oversized_image")
                  .contains(e.reason()),
              e.reason());
        }
      }
    }
  }

  @Test
  void admitsNoMorePixelsThanItIsTold() {
    ImageDecoder small = new ImageDecoder(37 * 29 - 1);
    BadItemException refusal =
        assertThrows(BadItemException.class, () -> small.decode(PillowImages.file("png-rgb.png")));
    assertEquals("oversized_image", refusal.reason());
    assertEquals(37, new ImageDecoder(37 * 29).decode(PillowImages.file("png-rgb.png")).width());
  }
}
