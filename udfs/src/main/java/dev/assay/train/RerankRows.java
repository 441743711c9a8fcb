package dev.assay.train;

import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.judge.JudgePrompt;
import dev.assay.judge.Order;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Part;
import dev.assay.prompt.PromptEncoder;
import dev.assay.rerank.ListPrompt;
import dev.assay.train.RerankExample.Negative;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * UniME-V2's training of a reranker, pairwise and listwise together. Three rows an example, whose
 * losses are added: {@code Yes} to the positive, {@code No} to the hardest negative, and {@code
 * Ans: (i)} to the positive at place i among the hardest negatives.
 *
 * <p>Hardest is the highest score, of equal ones the first. In the list the negatives stand in
 * random order, and the positive at any of the n + 1 places with the same probability.
 *
 * @param pairInstruction the judge's
 * @param listInstruction the list's
 * @param listNegatives in a list, at the most; the authors' code takes 5
 */
public record RerankRows(String pairInstruction, String listInstruction, int listNegatives)
    implements RowMaker<RerankExample> {
  private static final long serialVersionUID = 1L;

  public RerankRows {
    if (listNegatives < 1 || listNegatives >= ListPrompt.MAX_CANDIDATES) {
      throw new IllegalArgumentException(
          "listNegatives is " + listNegatives + ", not 1 to " + (ListPrompt.MAX_CANDIDATES - 1));
    }
  }

  /** With the paper's instructions and five negatives in a list. */
  public static RerankRows defaults() {
    return new RerankRows(JudgePrompt.INSTRUCTION, ListPrompt.INSTRUCTION, 5);
  }

  @Override
  public List<LabelledRow> rows(
      RerankExample example, PromptEncoder encoder, Function<EncodedImage, Grid> grids, long seed) {
    List<Item> hardest = hardest(example.negatives());
    List<Item> list = new ArrayList<>(hardest);
    int place = mix(list, example.positive(), new SplittableRandom(seed));
    JudgePrompt pair = new JudgePrompt(Order.QUERY_FIRST, pairInstruction);
    ListPrompt several = new ListPrompt(listInstruction);
    BiFunction<List<Part>, String, LabelledRow> row =
        (parts, answer) ->
            LabelledRow.answering(encoder.chat(parts, grids), encoder.tokenizer().encode(answer));
    return List.of(
        row.apply(pair.of(example.query(), example.positive()), "Yes"),
        row.apply(pair.of(example.query(), hardest.get(0)), "No"),
        row.apply(several.of(example.query(), list), ListPrompt.answer(place + 1)));
  }

  /** Those of the list, hardest first, each once. */
  private List<Item> hardest(List<Negative> negatives) {
    return negatives.stream()
        .sorted(Comparator.comparingDouble(Negative::score).reversed())
        .map(Negative::item)
        .distinct()
        .limit(listNegatives)
        .toList();
  }

  /** Shuffles the negatives and puts the positive among them; where it stands then. */
  private static int mix(List<Item> list, Item positive, SplittableRandom random) {
    for (int i = list.size(); i > 1; i--) {
      Collections.swap(list, i - 1, random.nextInt(i));
    }
    int place = random.nextInt(list.size() + 1);
    list.add(place, positive);
    return place;
  }
}
