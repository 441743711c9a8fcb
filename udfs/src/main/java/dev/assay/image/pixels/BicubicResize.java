package dev.assay.image.pixels;

import java.util.Arrays;

/**
 * PIL's antialiased bicubic resize, bit for bit: {@code Image.resize((w, h), Image.BICUBIC)} on an
 * RGB image.
 *
 * <p>Catmull-Rom (a = -0.5) whose support grows with the reduction, weights in fixed point with 22
 * fractional bits, a horizontal pass rounded to 8 bits and then a vertical one. A pass whose length
 * does not change is left out. Java2D's bicubic filter does not antialias and rounds otherwise.
 */
public final class BicubicResize {
  private static final int PRECISION = 22;
  private static final int HALF = 1 << (PRECISION - 1);
  private static final double SUPPORT = 2.0;

  private BicubicResize() {}

  /** Resizes to exactly {@code width} x {@code height}. */
  public static RgbImage resize(RgbImage image, int width, int height) {
    if (width <= 0 || height <= 0) {
      throw new IllegalArgumentException("Cannot resize to " + width + "x" + height);
    }
    if (width == image.width() && height == image.height()) {
      return image;
    }
    Taps across = Taps.of(image.width(), width);
    Taps down = Taps.of(image.height(), height);
    byte[] out = new byte[3 * width * height];
    // Rows of the horizontal pass are computed when first needed and kept in a ring as tall as the
    // vertical window. The ring fits in the cache; the whole intermediate image would not.
    int[][] ring = new int[down.window][3 * width];
    int[] sums = new int[3 * width];
    int made = 0;
    for (int y = 0; y < height; y++) {
      int first = down.first[y];
      int count = down.count[y];
      for (made = Math.max(made, first); made < first + count; made++) {
        across(image, made, across, ring[made % down.window]);
      }
      if (down.identity) {
        pack(ring[first % down.window], out, y * 3 * width);
        continue;
      }
      Arrays.fill(sums, HALF);
      for (int k = 0; k < count; k++) {
        accumulate(sums, ring[(first + k) % down.window], down.weights[y * down.window + k]);
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] = clip(sums[i]);
      }
      pack(sums, out, y * 3 * width);
    }
    return new RgbImage(width, height, out);
  }

  /** One row of the horizontal pass: {@code [width, 3]} values of 0 to 255. */
  private static void across(RgbImage image, int y, Taps taps, int[] row) {
    byte[] rgb = image.rgb();
    int start = y * 3 * image.width();
    if (taps.identity) {
      for (int i = 0; i < row.length; i++) {
        row[i] = rgb[start + i] & 0xff;
      }
      return;
    }
    int[] weights = taps.weights;
    for (int x = 0; x < taps.first.length; x++) {
      int at = start + 3 * taps.first[x];
      int w = x * taps.window;
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      for (int end = w + taps.count[x]; w < end; w++, at += 3) {
        int weight = weights[w];
        red += (rgb[at] & 0xff) * weight;
        green += (rgb[at + 1] & 0xff) * weight;
        blue += (rgb[at + 2] & 0xff) * weight;
      }
      row[3 * x] = clip(red);
      row[3 * x + 1] = clip(green);
      row[3 * x + 2] = clip(blue);
    }
  }

  private static void accumulate(int[] sums, int[] row, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += row[i] * weight;
    }
  }

  private static void pack(int[] row, byte[] out, int at) {
    for (int i = 0; i < row.length; i++) {
      out[at + i] = (byte) row[i];
    }
  }

  private static int clip(int sum) {
    return Math.max(0, Math.min(255, sum >> PRECISION));
  }

  /**
   * Which input pixels each output pixel is made of, along one axis.
   *
   * @param identity the axis keeps its length and its pass is left out
   * @param window the most input pixels that any output pixel takes
   * @param first the first input pixel {@code [out]}
   * @param count how many {@code [out]}
   * @param weights fixed point {@code [out, window]}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Taps(boolean identity, int window, int[] first, int[] count, int[] weights) {
    static Taps of(int in, int out) {
      int[] first = new int[out];
      int[] count = new int[out];
      if (in == out) {
        for (int i = 0; i < out; i++) {
          first[i] = i;
          count[i] = 1;
        }
        return new Taps(true, 1, first, count, new int[0]);
      }
      double scale = (double) in / out;
      double stretch = Math.max(scale, 1.0);
      double support = SUPPORT * stretch;
      int window = (int) Math.ceil(support) * 2 + 1;
      int[] weights = new int[Math.multiplyExact(out, window)];
      double[] raw = new double[window];
      for (int i = 0; i < out; i++) {
        double center = (i + 0.5) * scale;
        first[i] = Math.max(0, (int) (center - support + 0.5));
        count[i] = Math.min(in, (int) (center + support + 0.5)) - first[i];
        double sum = 0;
        for (int k = 0; k < count[i]; k++) {
          raw[k] = catmullRom((k + first[i] - center + 0.5) * (1.0 / stretch));
          sum += raw[k];
        }
        for (int k = 0; k < count[i]; k++) {
          double weight = sum == 0 ? raw[k] : raw[k] / sum;
          weights[i * window + k] = (int) (weight * (1 << PRECISION) + (weight < 0 ? -0.5 : 0.5));
        }
      }
      return new Taps(false, window, first, count, weights);
    }

    private static double catmullRom(double x) {
      double a = -0.5;
      double t = Math.abs(x);
      if (t < 1) {
        return ((a + 2) * t - (a + 3)) * t * t + 1;
      }
      return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
    }
  }
}
