package dev.assay.image.tiff;

import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.Orientation;
import dev.assay.image.pixels.PixelLimit;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * TIFF, first image. The JDK undoes compression, strips, tiles and planes; {@link TiffColors} makes
 * RGB of the samples. What a 16-bit sample has below 8 bits is dropped, as in PNG.
 */
public final class TiffReader {
  private static final String JDK_READER = "com.sun.imageio.plugins.tiff.TIFFImageReader";

  private TiffReader() {}

  /**
   * Reads a file.
   *
   * @throws BadItemException {@code unreadable_image}, {@code truncated_image}, {@code
   *     oversized_image}
   */
  public static RgbImage read(byte[] file, PixelLimit limit) {
    TiffHeader header = new TiffHeader(file);
    header.check(limit);
    TiffColors colors = TiffColors.of(header);
    BufferedImage image = decode(header.alone());
    int width = (int) header.value(TiffHeader.WIDTH, 0);
    int height = (int) header.value(TiffHeader.HEIGHT, 0);
    if (image.getWidth() != width || image.getHeight() != height) {
      throw BadImage.unreadable("TIFF of another size than its header says");
    }
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      colors.toRgb(image.getRaster(), y, rgb);
    }
    return Orientation.upright(new RgbImage(width, height, rgb), Orientation.of(file));
  }

  private static BufferedImage decode(byte[] file) {
    ImageReader reader = jdkReader();
    try {
      reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(file)), true, true);
      return reader.read(0);
    } catch (EOFException e) {
      throw BadImage.truncated("TIFF ends inside its image data");
    } catch (IOException e) {
      throw BadImage.unreadable("TIFF: " + e.getMessage());
    } finally {
      reader.dispose();
    }
  }

  /** The JDK's reader, even if a plugin for TIFF is on the class path. */
  private static ImageReader jdkReader() {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("tiff");
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().equals(JDK_READER)) {
        return reader;
      }
    }
    throw new IllegalStateException("This Java runtime has no TIFF reader (" + JDK_READER + ")");
  }
}
