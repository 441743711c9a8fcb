package dev.assay.image.pixels;

/**
 * A colour table, blended with white where it is transparent. Entries that a file leaves out keep
 * the gray ramp that PIL starts from.
 */
public final class Palette {
  private final byte[] colors = new byte[3 * 256];
  private final int[] alphas = new int[256];
  private byte[] opaque; // made from the two above for the first pixel

  public Palette() {
    for (int i = 0; i < 256; i++) {
      colors[3 * i] = (byte) i;
      colors[3 * i + 1] = (byte) i;
      colors[3 * i + 2] = (byte) i;
      alphas[i] = 255;
    }
  }

  /** Sets the first {@code count} colours from RGB triples. */
  public void colors(byte[] bytes, int at, int count) {
    System.arraycopy(bytes, at, colors, 0, 3 * Math.min(256, count));
    opaque = null;
  }

  /** Sets the alpha of the first entries. */
  public void alphas(byte[] bytes) {
    for (int i = 0; i < Math.min(256, bytes.length); i++) {
      alphas[i] = bytes[i] & 0xff;
    }
    opaque = null;
  }

  public void transparent(int index) {
    alphas[index] = 0;
    opaque = null;
  }

  /** Writes the colour of an index as three bytes. */
  public void put(int index, byte[] rgb, int at) {
    if (opaque == null) {
      opaque = onWhite();
    }
    rgb[at] = opaque[3 * index];
    rgb[at + 1] = opaque[3 * index + 1];
    rgb[at + 2] = opaque[3 * index + 2];
  }

  private byte[] onWhite() {
    byte[] blended = new byte[colors.length];
    for (int i = 0; i < colors.length; i++) {
      blended[i] = AlphaOnWhite.blend(colors[i] & 0xff, alphas[i / 3]);
    }
    return blended;
  }
}
