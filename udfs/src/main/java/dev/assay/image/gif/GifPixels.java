package dev.assay.image.gif;

import dev.assay.image.pixels.BadImage;
import dev.assay.item.BadItemException;

/** GIF's LZW: codes of growing length, in sub-blocks of at most 255 bytes, into palette indices. */
final class GifPixels {
  private static final int MAX_CODES = 4096;

  private final byte[] bytes;
  private int at;
  private int blockLeft;
  private int bits;
  private int bitCount;

  /**
   * @param at position of the minimum code size
   */
  GifPixels(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  /**
   * Decodes one frame.
   *
   * @throws BadItemException {@code truncated_image} if the codes end before {@code count} pixels
   */
  byte[] decode(int count) {
    int minimum = bytes[at++] & 0xff;
    if (minimum < 1 || minimum > 11) {
      throw BadImage.unreadable("GIF code of " + minimum + " bits");
    }
    int clear = 1 << minimum;
    int end = clear + 1;
    short[] prefix = new short[MAX_CODES];
    byte[] suffix = new byte[MAX_CODES];
    short[] length = new short[MAX_CODES];
    for (int i = 0; i < clear; i++) {
      suffix[i] = (byte) i;
      length[i] = 1;
    }
    byte[] out = new byte[count];
    int done = 0;
    int size = minimum + 1;
    int free = end + 1;
    int last = -1;
    byte lastFirst = 0;
    while (done < count) {
      int code = code(size);
      if (code == clear) {
        size = minimum + 1;
        free = end + 1;
        last = -1;
        continue;
      }
      if (code == end) {
        throw BadImage.truncated("GIF frame with too few pixels");
      }
      if (code > free || (code == free && last < 0) || (last < 0 && code > end)) {
        throw BadImage.unreadable("GIF with an impossible code");
      }
      boolean unfinished = code == free; // the sequence that this very code completes
      int source = unfinished ? last : code;
      int run = length[source];
      byte first = 0;
      for (int i = done + run - 1, c = source; i >= done; i--, c = prefix[c]) {
        first = suffix[c];
        if (i < count) {
          out[i] = first;
        }
      }
      done += run;
      if (unfinished) {
        if (done < count) {
          out[done] = lastFirst;
        }
        done++;
      }
      if (last >= 0 && free < MAX_CODES) {
        prefix[free] = (short) last;
        suffix[free] = first;
        length[free] = (short) (length[last] + 1);
        free++;
        if (free == 1 << size && size < 12) {
          size++;
        }
      }
      last = code;
      lastFirst = first;
    }
    return out;
  }

  private int code(int size) {
    while (bitCount < size) {
      if (blockLeft == 0) {
        blockLeft = bytes[at++] & 0xff;
        if (blockLeft == 0) {
          throw BadImage.truncated("GIF frame with too few pixels");
        }
      }
      bits |= (bytes[at++] & 0xff) << bitCount;
      bitCount += 8;
      blockLeft--;
    }
    int code = bits & ((1 << size) - 1);
    bits >>>= size;
    bitCount -= size;
    return code;
  }
}
