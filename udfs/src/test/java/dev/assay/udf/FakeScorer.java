package dev.assay.udf;

import ai.djl.engine.EngineException;
import dev.assay.item.BadItemException;
import dev.assay.item.Item;
import dev.assay.judge.Order;
import dev.assay.judge.PairScorer;
import dev.assay.udf.task.ModelSource;
import dev.assay.udf.task.OpenModel;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Scores without a model: the margin is a hash of the two sides, so that any mix-up of rows shows.
 * Texts choose what goes wrong: {@code bad} is refused when prepared, {@code long} when scored,
 * {@code nan} gives NaN, more than {@code memory} others are too many, and {@code huge} is so where
 * memory is bounded at all.
 */
final class FakeScorer implements PairScorer {
  /** Every call of {@code score}: shared side, and how many others. */
  static final Queue<Call> CALLS = new ConcurrentLinkedQueue<>();

  record Call(boolean candidateFirst, String shared, int others) {}

  private final int memory;

  FakeScorer(int memory) {
    this.memory = memory;
  }

  static ModelSource<PairScorer> source() {
    return source(Integer.MAX_VALUE);
  }

  static ModelSource<PairScorer> source(int memory) {
    return settings -> OpenModel.of(new FakeScorer(memory));
  }

  static float margin(String query, String candidate) {
    return (query.hashCode() * 31 + candidate.hashCode()) % 1000 / 100f;
  }

  @Override
  public void prepare(Item item) {
    if (name(item).equals("bad")) {
      throw new BadItemException("unreadable_image", "not an image");
    }
  }

  @Override
  public float[] score(Order order, Item shared, List<Item> others) {
    boolean candidateFirst = order == Order.CANDIDATE_FIRST;
    CALLS.add(new Call(candidateFirst, name(shared), others.size()));
    boolean huge = others.stream().anyMatch(other -> name(other).equals("huge"));
    if (others.size() > memory || (huge && memory < Integer.MAX_VALUE)) {
      throw new EngineException("CUDA out of memory. Tried to allocate");
    }
    float[] margins = new float[others.size()];
    for (int i = 0; i < margins.length; i++) {
      String other = name(others.get(i));
      if (other.equals("long")) {
        throw new BadItemException("too_long", "5000 tokens");
      }
      margins[i] =
          other.equals("nan")
              ? Float.NaN
              : candidateFirst ? margin(other, name(shared)) : margin(name(shared), other);
    }
    return margins;
  }

  /** The text, or the image's bytes as text. */
  static String name(Item item) {
    return item.text() != null && !item.text().isEmpty()
        ? item.text()
        : new String(item.image().bytes(), java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public String fingerprint(Order order) {
    return order == Order.CANDIDATE_FIRST ? "fake-candidate-first" : "fake-query-first";
  }

  @Override
  public void close() {}
}
