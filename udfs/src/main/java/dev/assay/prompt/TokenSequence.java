package dev.assay.prompt;

import dev.assay.image.EncodedImage;
import java.util.List;

/**
 * A prompt as the decoder takes it.
 *
 * @param ids token ids {@code [n]}, every image expanded to its image tokens
 * @param positions M-RoPE positions {@code [3][n]}: time, height, width
 * @param images where each image's tokens stand, in order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenSequence(long[] ids, int[][] positions, List<ImageSpan> images) {
  /**
   * The run of image tokens that one image's features replace.
   *
   * @param start index of the first image token in {@code ids}
   * @param length number of image tokens
   */
  public record ImageSpan(EncodedImage image, int start, int length) {}

  public int length() {
    return ids.length;
  }
}
