package dev.assay.prompt;

import dev.assay.item.EncodedImage;
import java.util.Arrays;
import java.util.List;

/**
 * A prompt in the form that the decoder takes.
 *
 * @param ids token ids {@code [n]}, every image expanded to its image tokens
 * @param positions M-RoPE positions {@code [3][n]}: time, height, width
 * @param images the places of each image's tokens, in order
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

  /**
   * This sequence with more tokens after it, at the positions that transformers' {@code generate}
   * gives them: on all axes one after the largest position, then one more for each token.
   */
  public TokenSequence then(long... words) {
    int n = ids.length;
    long[] all = Arrays.copyOf(ids, n + words.length);
    System.arraycopy(words, 0, all, n, words.length);
    int next = 0;
    for (int[] axis : positions) {
      next = Math.max(next, Arrays.stream(axis).max().orElse(-1) + 1);
    }
    int[][] further = new int[positions.length][];
    for (int axis = 0; axis < further.length; axis++) {
      further[axis] = Arrays.copyOf(positions[axis], n + words.length);
      for (int i = 0; i < words.length; i++) {
        further[axis][n + i] = next + i;
      }
    }
    return new TokenSequence(all, further, images);
  }
}
