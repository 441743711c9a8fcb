package dev.assay.udf;

import ai.djl.engine.EngineException;
import dev.assay.item.BadItemException;
import dev.assay.item.Item;
import dev.assay.rerank.ListRanker;
import dev.assay.udf.task.ModelSource;
import dev.assay.udf.task.OpenModel;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Ranks without a model: a candidate's share is a hash of query, candidate and place. Texts choose
 * what goes wrong: {@code bad} is refused when prepared, {@code long} when ranked, {@code nan}
 * gives NaN; passes of more than {@code memory} tokens do not fit, nor does {@code huge} in any.
 */
final class FakeRanker implements ListRanker {
  /** Every call of {@code rank}. */
  static final Queue<Call> CALLS = new ConcurrentLinkedQueue<>();

  record Call(String query, List<String> candidates, int maxTokens) {}

  private final int memory;

  FakeRanker(int memory) {
    this.memory = memory;
  }

  static ModelSource<ListRanker> source(int memory) {
    return settings -> OpenModel.of(new FakeRanker(memory));
  }

  static float[] probabilities(String query, List<String> candidates) {
    float[] shares = new float[candidates.size()];
    float sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = 1 + Math.floorMod((query + i + candidates.get(i)).hashCode(), 100);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  @Override
  public void prepare(Item item) {
    if (FakeScorer.name(item).equals("bad")) {
      throw new BadItemException("unreadable_image", "not an image");
    }
  }

  @Override
  public float[] rank(Item query, List<Item> candidates, int maxTokens) {
    List<String> names = candidates.stream().map(FakeScorer::name).toList();
    CALLS.add(new Call(FakeScorer.name(query), names, maxTokens));
    if (maxTokens > memory || names.contains("huge")) {
      throw new EngineException("CUDA out of memory. Tried to allocate");
    }
    if (names.contains("long")) {
      throw new BadItemException("too_long", "5000 tokens");
    }
    float[] probabilities = probabilities(FakeScorer.name(query), names);
    if (names.contains("nan")) {
      probabilities[0] = Float.NaN;
    }
    return probabilities;
  }

  @Override
  public String fingerprint() {
    return "fake-ranker";
  }

  @Override
  public void close() {}
}
