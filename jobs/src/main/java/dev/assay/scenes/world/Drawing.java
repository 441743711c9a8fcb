package dev.assay.scenes.world;

import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/**
 * Draws a scene as {@value #SIDE} by {@value #SIDE} pixels: a plain light background, and each
 * object near the centre of its cell. The pixels are computed here and not by a graphics library,
 * so that a seed gives the same image on every machine.
 */
public final class Drawing {
  /** Width and height of an image, in pixels. */
  public static final int SIDE = 112;

  private static final int CELL = SIDE / Scene.GRID;

  /** The largest distance of an object from the centre of its cell, in pixels. */
  private static final int JITTER = 2;

  /** Sample points along each side of a pixel, for smooth edges. */
  private static final int SAMPLES = 3;

  private Drawing() {}

  /**
   * Draws a scene.
   *
   * @param random chooses the background and moves the objects a little
   */
  public static BufferedImage of(Scene scene, SplittableRandom random) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    int ground =
        random.nextInt(220, 256) << 16 | random.nextInt(220, 256) << 8 | random.nextInt(220, 256);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        image.setRGB(x, y, ground);
      }
    }
    for (SceneObject object : scene.objects()) {
      int x = object.column() * CELL + CELL / 2 + random.nextInt(-JITTER, JITTER + 1);
      int y = object.row() * CELL + CELL / 2 + random.nextInt(-JITTER, JITTER + 1);
      draw(object, x, y, image);
    }
    return image;
  }

  private static void draw(SceneObject object, int middleX, int middleY, BufferedImage image) {
    int radius = object.size().radius;
    for (int y = middleY - radius; y <= middleY + radius; y++) {
      for (int x = middleX - radius; x <= middleX + radius; x++) {
        if (x >= 0 && x < SIDE && y >= 0 && y < SIDE) {
          double covered = covered(object, x - middleX, y - middleY);
          image.setRGB(x, y, mix(image.getRGB(x, y), object.colour(), covered));
        }
      }
    }
  }

  /** The share of a pixel that the object covers. */
  private static double covered(SceneObject object, int x, int y) {
    int covered = 0;
    for (int i = 0; i < SAMPLES * SAMPLES; i++) {
      double dx = x + (i % SAMPLES + 0.5) / SAMPLES - 0.5;
      double dy = y + (i / SAMPLES + 0.5) / SAMPLES - 0.5;
      double radius = object.size().radius;
      covered += object.shape().covers(dx / radius, dy / radius) ? 1 : 0;
    }
    return (double) covered / (SAMPLES * SAMPLES);
  }

  private static int mix(int ground, Colour colour, double share) {
    return mix(ground >> 16 & 255, colour.red, share) << 16
        | mix(ground >> 8 & 255, colour.green, share) << 8
        | mix(ground & 255, colour.blue, share);
  }

  private static int mix(int from, int to, double share) {
    return (int) Math.round(from + (to - from) * share);
  }
}
