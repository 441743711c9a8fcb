package dev.assay.image.tiff;

import dev.assay.image.pixels.BadImage;
import dev.assay.image.pixels.PixelLimit;
import dev.assay.item.BadItemException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tags of a TIFF file's first image, checked against the file's length before anything is
 * decoded.
 */
final class TiffHeader {
  static final int WIDTH = 256;
  static final int HEIGHT = 257;
  static final int BITS = 258;
  static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  static final int STRIP_OFFSETS = 273;
  static final int SAMPLES = 277;
  static final int STRIP_BYTES = 279;
  static final int COLOR_MAP = 320;
  static final int TILE_WIDTH = 322;
  static final int TILE_HEIGHT = 323;
  static final int TILE_OFFSETS = 324;
  static final int TILE_BYTES = 325;
  static final int EXTRA_SAMPLES = 338;
  static final int SAMPLE_FORMAT = 339;

  /**
   * All that decides the pixels: those above, fill order, planes, predictor, CCITT, JPEG, YCbCr.
   */
  private static final int[] DECODING = {
    WIDTH,
    HEIGHT,
    BITS,
    COMPRESSION,
    PHOTOMETRIC,
    266,
    STRIP_OFFSETS,
    SAMPLES,
    278,
    STRIP_BYTES,
    284,
    292,
    293,
    317,
    COLOR_MAP,
    TILE_WIDTH,
    TILE_HEIGHT,
    TILE_OFFSETS,
    TILE_BYTES,
    EXTRA_SAMPLES,
    SAMPLE_FORMAT,
    347,
    529,
    530,
    531,
    532
  };

  private static final int ENTRY = 12; // bytes
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

  private final byte[] file;
  private final ByteBuffer in;
  private final Map<Integer, Integer> entries = new LinkedHashMap<>(); // tag to place in the file

  /**
   * @throws BadItemException {@code truncated_image} or {@code unreadable_image}
   */
  TiffHeader(byte[] file) {
    this.file = file;
    this.in = ByteBuffer.wrap(file);
    in.order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = file.length < 8 ? Long.MAX_VALUE : unsigned(4);
    requireInFile(directory, 2);
    int count = in.getShort((int) directory) & 0xffff;
    requireInFile(directory + 2, (long) ENTRY * count);
    for (int i = 0; i < count; i++) {
      int entry = (int) directory + 2 + ENTRY * i;
      entries.putIfAbsent(in.getShort(entry) & 0xffff, entry);
    }
    for (int tag : DECODING) {
      if (entries.containsKey(tag)) {
        requireInFile(place(tag), bytes(tag));
      }
    }
  }

  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  /** The first value of a tag, or a default. */
  long value(int tag, long otherwise) {
    long[] values = values(tag);
    return values.length == 0 ? otherwise : values[0];
  }

  /** All values of a tag that holds whole numbers; none if the file lacks the tag. */
  long[] values(int tag) {
    Integer entry = entries.get(tag);
    if (entry == null) {
      return new long[0];
    }
    int type = type(entry);
    if (type != SHORT && type != LONG) {
      throw BadImage.unreadable("TIFF tag " + tag + " of type " + type);
    }
    long[] values = new long[(int) (bytes(tag) / TYPE_BYTES[type])];
    int at = (int) place(tag);
    for (int i = 0; i < values.length; i++) {
      values[i] = type == SHORT ? in.getShort(at + 2 * i) & 0xffff : unsigned(at + 4 * i);
    }
    return values;
  }

  /** Checks the image's size, and that its data and all tiles lie in the file. */
  void check(PixelLimit limit) {
    limit.check(value(WIDTH, 0), value(HEIGHT, 0));
    boolean tiled = has(TILE_OFFSETS);
    if (tiled) {
      limit.check(value(TILE_WIDTH, 0), value(TILE_HEIGHT, 0));
      if (value(TILE_WIDTH, 0) < 8 || value(TILE_HEIGHT, 0) < 8) {
        throw BadImage.unreadable("TIFF with tiles of less than 8 pixels");
      }
    }
    long[] starts = values(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
    long[] lengths = values(tiled ? TILE_BYTES : STRIP_BYTES);
    if (starts.length == 0 || starts.length != lengths.length) {
      throw BadImage.unreadable("TIFF without image data");
    }
    for (int i = 0; i < starts.length; i++) {
      requireInFile(starts[i], lengths[i]);
    }
  }

  /**
   * The file with one directory, which holds nothing but what decides the pixels of its first
   * image. So the decoder meets no other value that this class has not checked.
   */
  byte[] alone() {
    int[] kept = Arrays.stream(DECODING).filter(entries::containsKey).sorted().toArray();
    int start = file.length + file.length % 2;
    ByteBuffer out = ByteBuffer.wrap(Arrays.copyOf(file, start + 2 + ENTRY * kept.length + 4));
    out.order(in.order());
    out.putInt(4, start);
    out.position(start).putShort((short) kept.length);
    for (int tag : kept) {
      out.put(file, entries.get(tag), ENTRY);
    }
    return out.array();
  }

  private int type(int entry) {
    int type = in.getShort(entry + 2) & 0xffff;
    return type < TYPE_BYTES.length ? type : 0;
  }

  private long bytes(int tag) {
    int entry = entries.get(tag);
    return unsigned(entry + 4) * TYPE_BYTES[type(entry)];
  }

  /** Up to four bytes are in the entry itself; more of them are elsewhere. */
  private long place(int tag) {
    int entry = entries.get(tag);
    return bytes(tag) <= 4 ? entry + 8 : unsigned(entry + 8);
  }

  private long unsigned(int at) {
    return in.getInt(at) & 0xffffffffL;
  }

  private void requireInFile(long start, long length) {
    if (start > file.length || length > file.length - start) {
      throw BadImage.truncated("TIFF ends before its image data is complete");
    }
  }
}
