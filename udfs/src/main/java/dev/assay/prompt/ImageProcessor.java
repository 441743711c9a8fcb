package dev.assay.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.image.pixels.BicubicResize;
import dev.assay.image.pixels.RgbImage;
import dev.assay.item.BadItemException;
import java.util.Arrays;

/**
 * From a decoded image to the vision tower's patches: transformers' {@code Qwen2VLImageProcessor}
 * on PIL. The size is rounded to whole merge blocks within the pixel limits, the pixels resized by
 * {@link BicubicResize}, rescaled, normalised and cut into patches.
 */
public final class ImageProcessor {
  private static final double MAX_ASPECT_RATIO = 200;

  private final PixelSettings settings;
  private final float[][] normalised; // [channel, 8-bit value]

  private ImageProcessor(PixelSettings settings) {
    this.settings = settings;
    this.normalised = settings.normalised();
  }

  /**
   * Reads {@code preprocessor_config.json}, or the {@code image_processor} part of {@code
   * processor_config.json}, which transformers 5 writes instead.
   *
   * @throws CheckpointException if there is none, or it has an unsupported setting
   */
  public static ImageProcessor of(CheckpointFolder checkpoint) {
    if (checkpoint.has("preprocessor_config.json")) {
      String name = "preprocessor_config.json";
      return new ImageProcessor(
          PixelSettings.of(checkpoint.json(name), checkpoint.file(name).toString()));
    }
    String name = "processor_config.json";
    if (checkpoint.has(name)) {
      JsonNode node = checkpoint.json(name).path("image_processor");
      if (node.isObject()) {
        return new ImageProcessor(PixelSettings.of(node, checkpoint.file(name).toString()));
      }
    }
    throw new CheckpointException(
        "Cannot load a checkpoint from "
            + checkpoint
            + ": no preprocessor_config.json. Copy it from the model that this one was trained"
            + " from");
  }

  /**
   * The same processor with another upper limit.
   *
   * @throws IllegalArgumentException if the limit is below the processor's lower one
   */
  public ImageProcessor withMaxPixels(long maxPixels) {
    return new ImageProcessor(settings.withMaxPixels(maxPixels));
  }

  public int patchSize() {
    return settings.patchSize();
  }

  public int temporalPatchSize() {
    return settings.temporalPatchSize();
  }

  public int mergeSize() {
    return settings.mergeSize();
  }

  /** Everything that changes a pixel that the model sees, in one line. */
  public String fingerprint() {
    return settings.toString();
  }

  /**
   * How an image of this size will be cut, without decoding it (transformers' {@code
   * smart_resize}).
   *
   * @throws BadItemException {@code extreme_aspect_ratio} if one side is over 200 times the other
   */
  public Grid grid(int width, int height) {
    double ratio = (double) Math.max(width, height) / Math.min(width, height);
    if (ratio > MAX_ASPECT_RATIO) {
      throw new BadItemException(
          "extreme_aspect_ratio",
          width + "x" + height + ": one side is more than 200 times the other");
    }
    int block = settings.patchSize() * settings.mergeSize();
    // Halves round to the even multiple, as in Python's round().
    double blocksDown = Math.rint(height / (double) block);
    double blocksAcross = Math.rint(width / (double) block);
    double pixels = blocksDown * block * blocksAcross * block;
    double area = (double) height * width;
    if (pixels > settings.maxPixels()) {
      double shrink = Math.sqrt(area / settings.maxPixels());
      blocksDown = Math.max(1, Math.floor(height / shrink / block));
      blocksAcross = Math.max(1, Math.floor(width / shrink / block));
    } else if (pixels < settings.minPixels()) {
      double grow = Math.sqrt(settings.minPixels() / area);
      blocksDown = Math.ceil(height * grow / block);
      blocksAcross = Math.ceil(width * grow / block);
    }
    return new Grid(
        (int) blocksDown * settings.mergeSize(), (int) blocksAcross * settings.mergeSize());
  }

  /**
   * Resizes, normalises and cuts an image.
   *
   * @throws BadItemException {@code extreme_aspect_ratio}, see {@link #grid}
   */
  public Patches process(RgbImage image) {
    Grid grid = grid(image.width(), image.height());
    int patch = settings.patchSize();
    RgbImage resized = BicubicResize.resize(image, grid.columns() * patch, grid.rows() * patch);
    return new Patches(grid, cut(resized, grid));
  }

  /**
   * Lays pixels out as {@code [rows / merge, columns / merge, merge, merge, 3, temporal, patch,
   * patch]}: the patches that the vision tower merges stand together, and a still image repeats
   * itself along time.
   */
  private float[] cut(RgbImage image, Grid grid) {
    int patch = settings.patchSize();
    int temporal = settings.temporalPatchSize();
    int merge = settings.mergeSize();
    int area = patch * patch;
    int length = 3 * temporal * area;
    float[] values = new float[Math.multiplyExact(grid.patches(), length)];
    int at = 0;
    for (int blockRow = 0; blockRow < grid.rows(); blockRow += merge) {
      for (int blockColumn = 0; blockColumn < grid.columns(); blockColumn += merge) {
        for (int row = blockRow; row < blockRow + merge; row++) {
          for (int column = blockColumn; column < blockColumn + merge; column++) {
            copyPatch(image, row * patch, column * patch, values, at);
            at += length;
          }
        }
      }
    }
    return values;
  }

  private void copyPatch(RgbImage image, int top, int left, float[] values, int at) {
    byte[] rgb = image.rgb();
    int patch = settings.patchSize();
    int temporal = settings.temporalPatchSize();
    int area = patch * patch;
    for (int channel = 0; channel < 3; channel++) {
      float[] table = normalised[channel];
      int start = at + channel * temporal * area;
      int to = start;
      for (int y = top; y < top + patch; y++) {
        int from = 3 * (y * image.width() + left) + channel;
        for (int x = 0; x < patch; x++, from += 3) {
          values[to++] = table[rgb[from] & 0xff];
        }
      }
      for (int t = 1; t < temporal; t++) {
        System.arraycopy(values, start, values, start + t * area, area);
      }
    }
  }

  @Override
  public String toString() {
    return "ImageProcessor[" + Arrays.asList(settings) + "]";
  }
}
