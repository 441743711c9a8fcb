package dev.assay.prompt;

import java.awt.image.Raster;

/**
 * libwebp's way from a lossy frame's planes to RGB: chroma interpolated between its samples ("fancy
 * upsampling"), then BT.601 in fixed point. Repeating each sample instead, as the plugin does on
 * its own, is wrong by tens of steps along every coloured edge.
 */
final class WebpYuv {
  private WebpYuv() {}

  /**
   * Converts a frame.
   *
   * @param luma one band, {@code width} x {@code height}
   * @param cb chroma, likewise, each sample repeated over two columns and two rows
   * @param cr the other chroma
   * @return {@code [height, width, 3]}
   */
  static byte[] toRgb(Raster luma, Raster cb, Raster cr, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    int[] y = new int[width];
    int[] u = new int[width];
    int[] v = new int[width];
    int last = (height + 1) / 2 - 1;
    int[][] nearFar = new int[4][width]; // near and far row of cb, near and far row of cr
    for (int row = 0; row < height; row++) {
      int near = row / 2;
      int far = Math.max(0, Math.min(last, (row & 1) == 0 ? near - 1 : near + 1));
      luma.getSamples(0, row, width, 1, 0, y);
      cb.getSamples(0, 2 * near, width, 1, 0, nearFar[0]);
      cb.getSamples(0, 2 * far, width, 1, 0, nearFar[1]);
      cr.getSamples(0, 2 * near, width, 1, 0, nearFar[2]);
      cr.getSamples(0, 2 * far, width, 1, 0, nearFar[3]);
      upsample(nearFar[0], nearFar[1], u);
      upsample(nearFar[2], nearFar[3], v);
      convert(y, u, v, rgb, 3 * row * width);
    }
    return rgb;
  }

  /** One row of chroma from the two nearest rows of samples, in which every sample stands twice. */
  private static void upsample(int[] near, int[] far, int[] out) {
    int width = out.length;
    out[0] = (3 * near[0] + far[0] + 2) >> 2;
    for (int x = 1; x < width; x += 2) {
      int left = near[x - 1];
      int farLeft = far[x - 1];
      if (x + 1 == width) {
        out[x] = (3 * left + farLeft + 2) >> 2;
        return;
      }
      int right = near[x + 1];
      int farRight = far[x + 1];
      int sum = left + right + farLeft + farRight + 8;
      out[x] = (((sum + 2 * (right + farLeft)) >> 3) + left) >> 1;
      out[x + 1] = (((sum + 2 * (left + farRight)) >> 3) + right) >> 1;
    }
  }

  private static void convert(int[] y, int[] u, int[] v, byte[] rgb, int at) {
    for (int x = 0; x < y.length; x++, at += 3) {
      int luma = 19077 * y[x] >> 8;
      rgb[at] = clip(luma + (26149 * v[x] >> 8) - 14234);
      rgb[at + 1] = clip(luma - (6419 * u[x] >> 8) - (13320 * v[x] >> 8) + 8708);
      rgb[at + 2] = clip(luma + (33050 * u[x] >> 8) - 17685);
    }
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value >> 6));
  }
}
