package dev.assay.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.checkpoint.CheckpointException;
import java.util.List;

/**
 * The settings of a checkpoint's image processor, with transformers' defaults for missing ones. The
 * record's text is the processor's fingerprint.
 *
 * @param minPixels smallest area after resizing
 * @param maxPixels largest area after resizing
 * @param patchSize side of a patch in pixels
 * @param temporalPatchSize frames in a patch
 * @param mergeSize side of the block of patches that becomes one token
 * @param rescaleFactor what 8-bit values are multiplied by, 1 for none
 * @param mean subtracted after rescaling, one a channel
 * @param std divided by after that, one a channel
 */
record PixelSettings(
    long minPixels,
    long maxPixels,
    int patchSize,
    int temporalPatchSize,
    int mergeSize,
    double rescaleFactor,
    List<Double> mean,
    List<Double> std) {
  private static final int PIL_BICUBIC = 3;
  private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

  /**
   * Reads an image processor's settings.
   *
   * @param file named in messages
   */
  static PixelSettings of(JsonNode node, String file) {
    require(node.path("do_resize").asBoolean(true), file, "do_resize is false");
    int resample = node.path("resample").asInt(PIL_BICUBIC);
    require(resample == PIL_BICUBIC, file, "resample is " + resample + ", not 3 (bicubic)");
    boolean rescale = node.path("do_rescale").asBoolean(true);
    boolean normalize = node.path("do_normalize").asBoolean(true);
    JsonNode size = node.path("size");
    PixelSettings settings =
        new PixelSettings(
            first(
                56 * 56,
                node.path("min_pixels"),
                size.path("shortest_edge"),
                size.path("min_pixels")),
            first(
                28 * 28 * 1280,
                node.path("max_pixels"),
                size.path("longest_edge"),
                size.path("max_pixels")),
            node.path("patch_size").asInt(14),
            node.path("temporal_patch_size").asInt(2),
            node.path("merge_size").asInt(2),
            rescale ? node.path("rescale_factor").asDouble(1 / 255.0) : 1,
            normalize ? three(node.path("image_mean"), CLIP_MEAN, file) : List.of(0.0, 0.0, 0.0),
            normalize ? three(node.path("image_std"), CLIP_STD, file) : List.of(1.0, 1.0, 1.0));
    require(
        settings.patchSize > 0 && settings.temporalPatchSize > 0 && settings.mergeSize > 0,
        file,
        "patch_size, temporal_patch_size and merge_size must be positive");
    require(
        settings.minPixels > 0 && settings.minPixels <= settings.maxPixels,
        file,
        "min_pixels is " + settings.minPixels + " and max_pixels " + settings.maxPixels);
    return settings;
  }

  PixelSettings withMaxPixels(long limit) {
    if (limit < minPixels) {
      throw new IllegalArgumentException(
          "Cannot limit images to " + limit + " pixels: the model's own minimum is " + minPixels);
    }
    return new PixelSettings(
        minPixels, limit, patchSize, temporalPatchSize, mergeSize, rescaleFactor, mean, std);
  }

  /**
   * The normalised value of every 8-bit value: {@code [channel][256]}. Rounded as numpy does: the
   * product in double, the rest in float.
   */
  float[][] normalised() {
    float[][] table = new float[3][256];
    for (int channel = 0; channel < 3; channel++) {
      float subtracted = mean.get(channel).floatValue();
      float divisor = std.get(channel).floatValue();
      for (int value = 0; value < 256; value++) {
        table[channel][value] = ((float) (value * rescaleFactor) - subtracted) / divisor;
      }
    }
    return table;
  }

  private static long first(long otherwise, JsonNode... nodes) {
    for (JsonNode node : nodes) {
      if (node.isNumber()) {
        return node.asLong();
      }
    }
    return otherwise;
  }

  private static List<Double> three(JsonNode node, List<Double> otherwise, String file) {
    if (node.isMissingNode() || node.isNull()) {
      return otherwise;
    }
    require(node.isArray() && node.size() == 3, file, "image_mean and image_std need 3 numbers");
    return List.of(node.get(0).asDouble(), node.get(1).asDouble(), node.get(2).asDouble());
  }

  private static void require(boolean condition, String file, String problem) {
    if (!condition) {
      throw new CheckpointException("Cannot use the image processor in " + file + ": " + problem);
    }
  }
}
