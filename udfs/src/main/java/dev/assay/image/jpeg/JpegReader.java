package dev.assay.image.jpeg;

import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.Orientation;
import dev.assay.image.pixels.PixelLimit;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * JPEG: the JDK's libjpeg gives the upsampled components, {@link JpegColors} makes RGB of them. The
 * raster is read and not an image, so the JDK converts no colours.
 */
public final class JpegReader {
  private static final String JDK_READER = "com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi";

  private final byte[] bytes;

  private JpegReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a file.
   *
   * @throws BadItemException {@code unreadable_image}, {@code truncated_image}, {@code
   *     oversized_image}
   */
  public static RgbImage read(byte[] file, PixelLimit limit) {
    return new JpegReader(file).read(limit);
  }

  private RgbImage read(PixelLimit limit) {
    JpegHeader header = JpegHeader.of(bytes);
    limit.check(header.width(), header.height());
    Raster raster = raster();
    int width = header.width();
    int height = header.height();
    JpegColors colors = header.colors();
    if (raster.getWidth() != width
        || raster.getHeight() != height
        || raster.getNumBands() != colors.components()) {
      throw BadImage.unreadable("JPEG whose frame headers differ");
    }
    byte[] rgb = new byte[3 * width * height];
    byte[] row = new byte[colors.components() * width];
    for (int y = 0; y < height; y++) {
      raster.getDataElements(0, y, width, 1, row);
      colors.toRgb(row, width, rgb, y * 3 * width);
    }
    return Orientation.upright(new RgbImage(width, height, rgb), header.orientation());
  }

  private Raster raster() {
    Warnings warnings = new Warnings();
    ImageReader reader = null;
    try {
      reader = jdkReader();
      reader.addIIOReadWarningListener(warnings);
      reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
      Raster raster = reader.readRaster(0, null);
      if (warnings.truncated != null) {
        throw BadImage.truncated("JPEG: " + warnings.truncated);
      }
      return raster;
    } catch (IOException e) {
      throw BadImage.unreadable("JPEG: " + e.getMessage());
    } finally {
      if (reader != null) {
        reader.dispose();
      }
    }
  }

  /** The JDK's reader, even if a plugin for JPEG is on the class path. */
  private static ImageReader jdkReader() throws IOException {
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (providers.hasNext()) {
      ImageReaderSpi provider = providers.next();
      if (provider.getClass().getName().equals(JDK_READER)) {
        return provider.createReaderInstance();
      }
    }
    throw new IllegalStateException("This Java runtime has no JPEG reader (" + JDK_READER + ")");
  }

  /** Remembers the warnings after which libjpeg fills the rest of the image with gray. */
  private static final class Warnings implements IIOReadWarningListener {
    private String truncated;

    @Override
    public void warningOccurred(ImageReader source, String warning) {
      if (warning.contains("EOI") || warning.contains("remature end")) {
        truncated = warning;
      }
    }
  }
}
