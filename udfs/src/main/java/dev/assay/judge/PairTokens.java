package dev.assay.judge;

import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.prompt.Grid;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the tokens of pairs in place of judging them. It needs no weights.
 *
 * <p>The score of a pair is the number of tokens that {@link PairJudge} would run for it. The
 * common beginning of several pairs is run once, and each has an equal part of it. The {@link
 * Opening} runs once for all pairs of a task and is not counted.
 */
public final class PairTokens implements PairScorer {
  private final PromptEncoder encoder;
  private final String instruction;
  private final boolean shared;
  private final Opening opening;
  private final Map<String, Grid> grids = new HashMap<>();

  /**
   * @param encoder closed with this
   * @param instruction as the judge's
   * @param shared false to count every pair as if it were judged alone
   */
  public PairTokens(PromptEncoder encoder, String instruction, boolean shared) {
    this.encoder = encoder;
    this.instruction = instruction;
    this.shared = shared;
    this.opening = Opening.of(encoder, instruction);
  }

  @Override
  public float[] score(Order order, Item side, List<Item> others) {
    JudgePrompt prompt = new JudgePrompt(order, instruction);
    List<TokenSequence> prompts =
        others.stream().map(other -> encoder.chat(prompt.of(side, other), this::grid)).toList();
    int opened = shared ? opening.in(prompts) : 0;
    int common = shared && prompts.size() > 1 ? CommonBeginning.of(prompts) : opened;
    float[] counts = new float[prompts.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = prompts.get(i).length() - common + (float) (common - opened) / counts.length;
    }
    return counts;
  }

  private Grid grid(EncodedImage image) {
    return grids.computeIfAbsent(image.key(), key -> encoder.patches(image).grid());
  }

  @Override
  public void prepare(Item item) {
    if (item.image() != null) {
      grid(item.image());
    }
  }

  @Override
  public String fingerprint(Order order) {
    return "";
  }

  @Override
  public void close() {
    encoder.close();
  }
}
