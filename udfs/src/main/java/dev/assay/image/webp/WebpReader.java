package dev.assay.image.webp;

import dev.assay.image.pixels.AlphaOnWhite;
import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.Orientation;
import dev.assay.image.pixels.PixelLimit;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * WebP, first frame, decoded by the plugin. Lossless pixels are exact; lossy ones are near PIL's
 * but not equal to them (the site's page of experiments has the figures).
 */
public final class WebpReader {
  private final byte[] bytes;

  private WebpReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a file.
   *
   * @throws BadItemException {@code unreadable_image}, {@code truncated_image}, {@code
   *     oversized_image}
   */
  public static RgbImage read(byte[] file, PixelLimit limit) {
    return new WebpReader(file).read(limit);
  }

  private RgbImage read(PixelLimit limit) {
    WebpFile file = WebpFile.of(bytes);
    limit.check(file.width(), file.height());
    int width = file.frameSize()[0];
    int height = file.frameSize()[1];
    limit.check(width, height);
    if (file.left() + width > file.width() || file.top() + height > file.height()) {
      throw BadImage.unreadable("WebP frame outside its canvas");
    }
    byte[] rgb = frame(file, width, height);
    if (width != file.width() || height != file.height()) {
      byte[] canvas = new byte[3 * file.width() * file.height()];
      Arrays.fill(canvas, (byte) 255); // transparent, on white
      for (int y = 0; y < height; y++) {
        int to = 3 * ((file.top() + y) * file.width() + file.left());
        System.arraycopy(rgb, 3 * y * width, canvas, to, 3 * width);
      }
      rgb = canvas;
    }
    return Orientation.upright(new RgbImage(file.width(), file.height(), rgb), file.orientation());
  }

  private static byte[] frame(WebpFile file, int width, int height) {
    try {
      return onWhite(decode(file), width, height);
    } catch (EOFException e) {
      throw BadImage.truncated("WebP ends inside its image data");
    } catch (IOException e) {
      throw BadImage.unreadable("WebP: " + e.getMessage());
    }
  }

  private static BufferedImage decode(WebpFile file) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("webp").next();
    try (ImageInputStream in = stream(file.still())) {
      reader.setInput(in, true, true);
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  private static ImageInputStream stream(byte[] data) {
    return new MemoryCacheImageInputStream(new ByteArrayInputStream(data));
  }

  private static byte[] onWhite(BufferedImage image, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        for (int shift = 16; shift >= 0; shift -= 8, at++) {
          rgb[at] = AlphaOnWhite.blend(argb >> shift & 0xff, argb >>> 24);
        }
      }
    }
    return rgb;
  }
}
