package dev.assay.rerank;

/**
 * How a reranker asks.
 *
 * @param instruction what stands before query and candidates
 * @param maxImagePixels an image with more pixels is refused before it is decoded
 * @param maxTokens tokens in one pass of the decoder, at the most (a single longer image still
 *     passes): a longer prompt is run piece by piece, with the same result
 */
public record RerankOptions(String instruction, long maxImagePixels, int maxTokens) {
  public RerankOptions {
    if (maxImagePixels < 1) {
      throw new IllegalArgumentException("maxImagePixels is " + maxImagePixels + ", below 1");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + ", below 1");
    }
  }

  /** The paper's prompt, images up to 100 megapixels, 2048 tokens a pass. */
  public static RerankOptions defaults() {
    return new RerankOptions(ListPrompt.INSTRUCTION, 100_000_000, 2048);
  }

  public RerankOptions withInstruction(String other) {
    return new RerankOptions(other, maxImagePixels, maxTokens);
  }

  public RerankOptions withMaxImagePixels(long other) {
    return new RerankOptions(instruction, other, maxTokens);
  }

  public RerankOptions withMaxTokens(int other) {
    return new RerankOptions(instruction, maxImagePixels, other);
  }
}
