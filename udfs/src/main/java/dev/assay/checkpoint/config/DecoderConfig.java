package dev.assay.checkpoint.config;

import java.util.List;

/**
 * The shape of the language model.
 *
 * @param hidden width of a token's hidden state
 * @param intermediate width of the gated MLP
 * @param layers number of layers
 * @param heads query heads
 * @param keyValueHeads key and value heads; {@code heads} is a multiple of it
 * @param vocabulary rows of the embedding table
 * @param normEpsilon epsilon of the RMS norms
 * @param ropeTheta base of the rotary frequencies
 * @param ropeSections numbers of rotary frequencies for time, height and width; their sum is half a
 *     head's width
 * @param tied whether the output head is the embedding table
 */
public record DecoderConfig(
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int keyValueHeads,
    int vocabulary,
    float normEpsilon,
    double ropeTheta,
    List<Integer> ropeSections,
    boolean tied) {

  public int headWidth() {
    return hidden / heads;
  }
}
