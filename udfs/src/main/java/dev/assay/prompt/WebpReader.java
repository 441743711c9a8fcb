package dev.assay.prompt;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** WebP. */
final class WebpReader {
  private final byte[] bytes;

  WebpReader(byte[] bytes) {
    this.bytes = bytes;
  }

  RgbImage read(ImageDecoder decoder) {
    ImageReader reader = ImageIO.getImageReadersByFormatName("webp").next();
    try {
      reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
      decoder.admit(reader.getWidth(0), reader.getHeight(0));
      BufferedImage image = reader.read(0);
      int width = image.getWidth();
      int height = image.getHeight();
      byte[] rgb = new byte[3 * width * height];
      int[] row = new int[width];
      int at = 0;
      for (int y = 0; y < height; y++) {
        image.getRGB(0, y, width, 1, row, 0, width);
        for (int argb : row) {
          int alpha = argb >>> 24;
          rgb[at++] = AlphaOnWhite.blend(argb >> 16 & 0xff, alpha);
          rgb[at++] = AlphaOnWhite.blend(argb >> 8 & 0xff, alpha);
          rgb[at++] = AlphaOnWhite.blend(argb & 0xff, alpha);
        }
      }
      return new RgbImage(width, height, rgb);
    } catch (EOFException e) {
      throw ImageDecoder.truncated("WebP ends inside its image data");
    } catch (IOException e) {
      throw ImageDecoder.unreadable("WebP: " + e.getMessage());
    } finally {
      reader.dispose();
    }
  }
}
