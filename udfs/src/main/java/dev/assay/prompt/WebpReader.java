package dev.assay.prompt;

import com.twelvemonkeys.imageio.plugins.webp.vp8.VP8Frame;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * WebP, first frame: the plugin decodes VP8L, alpha and VP8's planes; {@link WebpYuv} makes RGB of
 * the planes.
 */
final class WebpReader {
  private final byte[] bytes;

  WebpReader(byte[] bytes) {
    this.bytes = bytes;
  }

  RgbImage read(ImageDecoder decoder) {
    WebpFile file = WebpFile.of(bytes);
    decoder.admit(file.width(), file.height());
    int width = file.frameSize()[0];
    int height = file.frameSize()[1];
    decoder.admit(width, height);
    if (file.left() + width > file.width() || file.top() + height > file.height()) {
      throw ImageDecoder.unreadable("WebP frame outside its canvas");
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
      if (file.lossless()) {
        return onWhite(decode(file), null, width, height);
      }
      byte[] rgb = lossy(file.image(), width, height);
      return file.alpha() == null ? rgb : onWhite(decode(file), rgb, width, height);
    } catch (EOFException e) {
      throw ImageDecoder.truncated("WebP ends inside its image data");
    } catch (IOException e) {
      throw ImageDecoder.unreadable("WebP: " + e.getMessage());
    }
  }

  private static byte[] lossy(byte[] data, int width, int height) throws IOException {
    try (ImageInputStream in = stream(data)) {
      VP8Frame frame = new VP8Frame(in, false);
      // The frame wants somewhere to draw, but its own RGB is not what is used.
      BufferedImage drawn = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
      if (!frame.decode(drawn.getRaster(), null)) {
        throw ImageDecoder.unreadable("WebP without a VP8 key frame");
      }
      Raster luma = frame.getDebugImageYBuffer().getRaster();
      Raster cb = frame.getDebugImageUBuffer().getRaster();
      Raster cr = frame.getDebugImageVBuffer().getRaster();
      return WebpYuv.toRgb(luma, cb, cr, width, height);
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

  /**
   * Lays an image on white.
   *
   * @param colors used in place of the image's own, null for its own
   */
  private static byte[] onWhite(BufferedImage image, byte[] colors, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        for (int shift = 16; shift >= 0; shift -= 8, at++) {
          int value = (colors == null ? argb >> shift : colors[at]) & 0xff;
          rgb[at] = AlphaOnWhite.blend(value, argb >>> 24);
        }
      }
    }
    return rgb;
  }
}
