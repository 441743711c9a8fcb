package dev.assay.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.assay.image.pixels.PixelLimit;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for the reader of every format. */
class ImageFormatContractTest {
  private static final Set<String> REASONS =
      Set.of("unreadable_image", "truncated_image", "oversized_image");
  private static final int SMALL = 100_000; // pixels

  @ParameterizedTest
  @EnumSource(ImageFormat.class)
  void recognisesItsFiles(ImageFormat format) {
    for (String name : files(format)) {
      assertEquals(format, ImageFormat.of(bytes(name)).orElseThrow(), name);
      assertTrue(ImageDecoder.begins(bytes(name)), name);
    }
  }

  /** A file that ends early is refused, never half decoded. */
  @ParameterizedTest
  @EnumSource(ImageFormat.class)
  void aFileCutShortIsRefusedOrDecodesTheSame(ImageFormat format) {
    ImageDecoder decoder = new ImageDecoder(SMALL);
    String name = smallest(format);
    byte[] file = bytes(name);
    byte[] rgb = decoder.decode(EncodedImage.of(file)).rgb();
    int decoded = 0;
    int step = Math.max(1, file.length / 400);
    for (int length = 0; length < file.length; length += length < 200 ? 1 : step) {
      EncodedImage beginning = EncodedImage.of(Arrays.copyOf(file, length));
      try {
        assertArrayEquals(rgb, decoder.decode(beginning).rgb(), name + " of " + length);
        decoded++;
      } catch (BadItemException e) {
        assertTrue(REASONS.contains(e.reason()), e.reason());
      }
    }
    // Only checksums and the end of a file may be missing.
    assertTrue(decoded <= 30, decoded + " beginnings of " + name + " decode");
  }

  @ParameterizedTest
  @EnumSource(ImageFormat.class)
  void aSizeOverTheLimitIsRefused(ImageFormat format) {
    for (String name : files(format)) {
      RgbImage image = new ImageDecoder(SMALL).decode(EncodedImage.of(bytes(name)));
      long pixels = (long) image.width() * image.height();
      if (pixels > 1) {
        PixelLimit limit = new PixelLimit(pixels - 1);
        BadItemException refusal =
            assertThrows(BadItemException.class, () -> format.read(bytes(name), limit), name);
        assertEquals("oversized_image", refusal.reason(), name);
      }
    }
  }

  /** Whatever stands in a file, it becomes pixels or a refusal, soon and in little memory. */
  @ParameterizedTest
  @EnumSource(ImageFormat.class)
  void anyBytesEndInPixelsOrARefusal(ImageFormat format) {
    Random random = new Random(format.ordinal());
    List<String> names = files(format);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ImageDecoder decoder = new ImageDecoder(SMALL);
    decoder.decode(EncodedImage.of(bytes(names.get(0)))); // loads the reader's classes
    long most = 0;
    for (int round = 0; round < 600; round++) {
      byte[] file = bytes(names.get(random.nextInt(names.size())));
      byte[] input = damaged(file, random);
      long before = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      try {
        RgbImage image = decoder.decode(new EncodedImage("fuzz", input));
        assertTrue((long) image.width() * image.height() <= SMALL);
      } catch (BadItemException e) {
        assertTrue(REASONS.contains(e.reason()), e.reason());
      }
      most = Math.max(most, threads.getCurrentThreadAllocatedBytes() - before);
      assertTrue(System.nanoTime() - start < 5e9, "round " + round + " took over 5 s");
    }
    assertTrue(most < 64L << 20, most + " bytes for one image of at most " + SMALL + " pixels");
  }

  /** Its own header would be checked, and the wrapped file's size would not. */
  @Test
  void aBmpThatWrapsAnotherFileIsRefused() {
    for (int compression : new int[] {4, 5}) {
      byte[] bmp = bytes("bmp-24.bmp").clone();
      bmp[30] = (byte) compression;
      BadItemException refusal =
          assertThrows(
              BadItemException.class,
              () -> new ImageDecoder(SMALL).decode(new EncodedImage("bmp", bmp)));
      assertEquals("BMP with a JPEG or PNG file inside", refusal.detail());
    }
  }

  private static byte[] damaged(byte[] file, Random random) {
    if (random.nextInt(4) == 0) { // a signature, then anything
      byte[] noise = new byte[random.nextInt(300) + 16];
      random.nextBytes(noise);
      System.arraycopy(file, 0, noise, 0, 12 + random.nextInt(4));
      return noise;
    }
    byte[] bytes = file.clone();
    int near =
        random.nextBoolean() ? Math.min(bytes.length, 80) : bytes.length; // headers are dense
    for (int i = random.nextInt(6); i >= 0; i--) {
      int at = random.nextInt(near);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 255 : 0);
        case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xff);
      }
    }
    return random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static List<String> files(ImageFormat format) {
    List<String> names =
        DecodingParityTest.good()
            .filter(name -> ImageFormat.of(bytes(name)).orElseThrow() == format)
            .toList();
    assertTrue(!names.isEmpty(), "no file of " + format);
    return names;
  }

  /** The smallest file that is no single pixel. */
  private static String smallest(ImageFormat format) {
    return files(format).stream()
        .filter(name -> !name.contains("1x1"))
        .min((a, b) -> bytes(a).length - bytes(b).length)
        .orElseThrow();
  }

  private static byte[] bytes(String name) {
    return PillowImages.file(name).bytes();
  }
}
