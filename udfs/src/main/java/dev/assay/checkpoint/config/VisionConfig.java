package dev.assay.checkpoint.config;

import java.util.Set;

/**
 * The shape of the vision tower.
 *
 * @param hidden width of a patch's hidden state
 * @param intermediate width of the MLP
 * @param output width of the merger's output, the decoder's hidden width
 * @param patch a patch's side in pixels
 * @param temporal frames in a patch; an image is repeated that many times
 * @param merge side of the square of patches that becomes one token
 * @param window side in pixels of the attention windows of most blocks, 0 for none
 * @param fullAttention blocks that attend to the whole image, if there are windows
 */
public record VisionConfig(
    int blocks,
    int hidden,
    int intermediate,
    int output,
    int heads,
    int channels,
    int patch,
    int temporal,
    int merge,
    int window,
    Set<Integer> fullAttention) {

  /** Numbers in one flattened patch. */
  public int patchSize() {
    return channels * temporal * patch * patch;
  }

  public int headWidth() {
    return hidden / heads;
  }
}
