package dev.assay.image.bmp;

import dev.assay.image.pixels.AlphaOnWhite;
import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.PixelLimit;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** BMP, by the JDK; not the rare ones that wrap a JPEG or PNG file, whose size is another. */
public final class BmpReader {
  private static final int JPEG = 4;
  private static final int PNG = 5;

  private final byte[] bytes;

  private BmpReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a file.
   *
   * @throws BadItemException {@code unreadable_image}, {@code truncated_image}, {@code
   *     oversized_image}
   */
  public static RgbImage read(byte[] file, PixelLimit limit) {
    return new BmpReader(file).read(limit);
  }

  private RgbImage read(PixelLimit limit) {
    if (bytes.length < 26) {
      throw BadImage.truncated("BMP ends inside its header");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean old = header.getInt(14) == 12;
    long width = old ? header.getShort(18) & 0xffff : header.getInt(18);
    long height = old ? header.getShort(20) & 0xffff : Math.abs((long) header.getInt(22));
    limit.check(width, height);
    int compression = bytes.length < 34 || old ? 0 : header.getInt(30);
    if (compression == JPEG || compression == PNG) {
      throw BadImage.unreadable("BMP with a JPEG or PNG file inside");
    }
    ImageReader reader = ImageIO.getImageReadersByFormatName("bmp").next();
    try {
      reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
      BufferedImage image = reader.read(0);
      if (image.getWidth() != width || image.getHeight() != height) {
        throw BadImage.unreadable("BMP of another size than its header says");
      }
      return rgb(image);
    } catch (EOFException e) {
      throw BadImage.truncated("BMP ends inside its image data");
    } catch (IOException e) {
      throw BadImage.unreadable("BMP: " + e.getMessage());
    } finally {
      reader.dispose();
    }
  }

  private static RgbImage rgb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[3 * width * height];
    int[] row = new int[width];
    // Asked for RGB of a gray image, Java would convert from linear gray.
    boolean gray = image.getType() == BufferedImage.TYPE_BYTE_GRAY;
    int at = 0;
    for (int y = 0; y < height; y++) {
      if (gray) {
        image.getRaster().getSamples(0, y, width, 1, 0, row);
      } else {
        image.getRGB(0, y, width, 1, row, 0, width);
      }
      for (int pixel : row) {
        int argb = gray ? 0xff000000 | pixel * 0x010101 : pixel;
        for (int shift = 16; shift >= 0; shift -= 8) {
          rgb[at++] = AlphaOnWhite.blend(argb >> shift & 0xff, argb >>> 24);
        }
      }
    }
    return new RgbImage(width, height, rgb);
  }
}
