package dev.assay.image.webp;

import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.Orientation;
import dev.assay.item.BadItemException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The chunks of a WebP file: its canvas, and what its first frame is made of.
 *
 * @param width of the canvas
 * @param height of the canvas
 * @param left where the first frame lies on it
 * @param top likewise
 * @param image payload of the frame's {@code VP8 } or {@code VP8L} chunk
 * @param lossless whether it is {@code VP8L}
 * @param alpha payload of the {@code ALPH} chunk of a lossy frame, null if it has none
 * @param orientation of the EXIF chunk, 1 if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WebpFile(
    int width,
    int height,
    int left,
    int top,
    byte[] image,
    boolean lossless,
    byte[] alpha,
    int orientation) {
  private static final int ALPHA_FLAG = 0x10;

  /**
   * Walks the chunks.
   *
   * @throws BadItemException {@code truncated_image} or {@code unreadable_image}
   */
  static WebpFile of(byte[] bytes) {
    long declared = 8 + (integer(bytes, 4) & 0xffffffffL);
    if (declared > bytes.length) {
      throw BadImage.truncated("WebP of " + bytes.length + " bytes, not " + declared);
    }
    Chunks chunks = new Chunks(bytes);
    chunks.walk(12, (int) declared);
    if (chunks.image == null) {
      throw BadImage.unreadable("WebP without an image");
    }
    int[] size = chunks.lossless ? losslessSize(chunks.image) : lossySize(chunks.image);
    boolean canvas = chunks.width > 0;
    return new WebpFile(
        canvas ? chunks.width : size[0],
        canvas ? chunks.height : size[1],
        chunks.left,
        chunks.top,
        chunks.image,
        chunks.lossless,
        chunks.alpha,
        chunks.orientation);
  }

  /** Width and height of the frame, which may be smaller than the canvas. */
  int[] frameSize() {
    return lossless ? losslessSize(image) : lossySize(image);
  }

  /** The first frame as a still WebP without profile, animation and metadata. */
  byte[] still() {
    int[] size = frameSize();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("WEBP".getBytes(StandardCharsets.ISO_8859_1));
    if (alpha != null) {
      byte[] header = new byte[10];
      header[0] = ALPHA_FLAG;
      put24(header, 4, size[0] - 1);
      put24(header, 7, size[1] - 1);
      writeChunk(body, "VP8X", header);
      writeChunk(body, "ALPH", alpha);
    }
    writeChunk(body, lossless ? "VP8L" : "VP8 ", image);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    writeChunk(file, "RIFF", body.toByteArray());
    return file.toByteArray();
  }

  private static int[] lossySize(byte[] frame) {
    if (frame.length < 10 || (frame[0] & 1) != 0 || frame[3] != (byte) 0x9d) {
      throw BadImage.unreadable("WebP without a VP8 key frame");
    }
    return new int[] {
      (frame[6] & 0xff | (frame[7] & 0x3f) << 8), (frame[8] & 0xff | (frame[9] & 0x3f) << 8)
    };
  }

  private static int[] losslessSize(byte[] frame) {
    if (frame.length < 5 || frame[0] != 0x2f) {
      throw BadImage.unreadable("WebP without a VP8L header");
    }
    int bits = integer(frame, 1);
    return new int[] {(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1};
  }

  private static void writeChunk(ByteArrayOutputStream out, String name, byte[] data) {
    out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(data.length >> shift);
    }
    out.writeBytes(data);
    if (data.length % 2 == 1) {
      out.write(0);
    }
  }

  private static void put24(byte[] to, int at, int value) {
    for (int i = 0; i < 3; i++) {
      to[at + i] = (byte) (value >> 8 * i);
    }
  }

  private static int integer(byte[] bytes, int at) {
    return word24(bytes, at) | (bytes[at + 3] & 0xff) << 24;
  }

  private static int word24(byte[] bytes, int at) {
    return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16;
  }

  /** What has been found so far. */
  private static final class Chunks {
    private final byte[] bytes;
    private int width;
    private int height;
    private int left;
    private int top;
    private byte[] image;
    private boolean lossless;
    private byte[] alpha;
    private int orientation = 1;

    Chunks(byte[] bytes) {
      this.bytes = bytes;
    }

    void walk(int at, int end) {
      while (at + 8 <= end) {
        long length = integer(bytes, at + 4) & 0xffffffffL;
        if (at + 8 + length > end) {
          throw BadImage.truncated("WebP ends inside a chunk");
        }
        String name = new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
        visit(name, at + 8, at + 8 + (int) length);
        at += 8 + (int) (length + length % 2);
      }
    }

    private void visit(String name, int start, int end) {
      boolean first = image == null;
      switch (name) {
        case "VP8X" -> {
          width = 1 + word24(bytes, start + 4);
          height = 1 + word24(bytes, start + 7);
        }
        case "ANMF" -> {
          if (first) {
            left = 2 * word24(bytes, start);
            top = 2 * word24(bytes, start + 3);
            walk(start + 16, end);
          }
        }
        case "ALPH" -> alpha = first ? Arrays.copyOfRange(bytes, start, end) : alpha;
        case "VP8 ", "VP8L" -> {
          if (first) {
            image = Arrays.copyOfRange(bytes, start, end);
            lossless = name.equals("VP8L");
          }
        }
        case "EXIF" -> orientation = Orientation.of(Arrays.copyOfRange(bytes, start, end));
        default -> {}
      }
    }
  }
}
