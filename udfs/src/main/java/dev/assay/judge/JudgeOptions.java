package dev.assay.judge;

/**
 * How a judge asks.
 *
 * @param instruction what stands before the pair
 * @param maxImagePixels an image with more pixels is refused before it is decoded
 * @param maxTokens tokens in one pass of the decoder, beside the shared part, at the most (a single
 *     longer side still passes)
 */
public record JudgeOptions(Order order, String instruction, long maxImagePixels, int maxTokens) {
  /** The paper's instruction. */
  public static final String INSTRUCTION =
      "I will provide you with a query and a candidate. Please evaluate whether the candidate meets"
          + " the requirements of the query. If it does, respond with 'Yes'; if it doesn't, respond"
          + " with 'No'.";

  public JudgeOptions {
    if (maxImagePixels < 1) {
      throw new IllegalArgumentException("maxImagePixels is " + maxImagePixels + ", below 1");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + ", below 1");
    }
  }

  /** The paper's prompt, images up to 100 megapixels, 2048 tokens a pass. */
  public static JudgeOptions defaults() {
    return new JudgeOptions(Order.QUERY_FIRST, INSTRUCTION, 100_000_000, 2048);
  }

  public JudgeOptions withOrder(Order other) {
    return new JudgeOptions(other, instruction, maxImagePixels, maxTokens);
  }

  public JudgeOptions withInstruction(String other) {
    return new JudgeOptions(order, other, maxImagePixels, maxTokens);
  }

  public JudgeOptions withMaxImagePixels(long other) {
    return new JudgeOptions(order, instruction, other, maxTokens);
  }

  public JudgeOptions withMaxTokens(int other) {
    return new JudgeOptions(order, instruction, maxImagePixels, other);
  }
}
