package dev.assay.udf;

import dev.assay.item.Item;
import dev.assay.judge.Order;
import dev.assay.judge.PairScorer;
import dev.assay.udf.task.OpenModel;
import java.util.List;

/** Margins without a model: a hash of both texts. What is left is the cost of everything else. */
public final class StandInJudge implements PairScorer {
  /** The real transformer, over this scorer. */
  public static Judge judge() {
    return new Judge().withSource(settings -> OpenModel.of(new StandInJudge()));
  }

  @Override
  public void prepare(Item item) {}

  @Override
  public float[] score(Order order, Item shared, List<Item> others) {
    float[] margins = new float[others.size()];
    for (int i = 0; i < margins.length; i++) {
      int hash = 31 * shared.text().hashCode() + others.get(i).text().hashCode();
      margins[i] = Math.floorMod(hash * 0x9E3779B9, 2000) / 100f - 10;
    }
    return margins;
  }

  @Override
  public String fingerprint(Order order) {
    return "stand-in";
  }

  @Override
  public void close() {}
}
