package dev.assay.udf.task;

import dev.assay.item.Item;
import dev.assay.rerank.ListRanker;
import dev.assay.udf.compute.Compute;
import dev.assay.udf.rows.Batches;
import dev.assay.udf.rows.ItemColumns;
import dev.assay.udf.rows.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Row;

/**
 * Ranks lists: one candidate a row, a list a batch, in the order of its rows.
 *
 * @param query the query's columns; those of a list's first row count for the list
 * @param list index of the column that identifies the list
 * @param number index of a row's place in its list, from 0
 * @param compute {@code batchSize} is the longest list, {@code maxTokens} the longest pass
 */
public record ListRanking(
    ItemColumns query, ItemColumns candidate, int list, int number, Compute compute)
    implements RowWork<ListRanker, Float> {
  private static final long serialVersionUID = 1L;

  /** A list that does not fit into memory with passes as short as this does not fit at all. */
  private static final int SHORTEST_PASS = 64;

  @Override
  public boolean together(Row first, Row row) {
    return Objects.equals(first.get(list), row.get(list));
  }

  @Override
  public void soon(List<Row> rows, TaskItems<ListRanker> items) {
    items.soon(rows.get(0), query);
    rows.forEach(row -> items.soon(row, candidate));
  }

  @Override
  public List<Outcome<Float>> outcomes(List<Row> rows, TaskItems<ListRanker> items) {
    if (rows.get(0).getInt(number) >= compute.batchSize()) {
      String limit = "a list is ranked up to its first " + compute.batchSize() + " candidates";
      return Collections.nCopies(rows.size(), Outcome.bad("beyond_list", limit));
    }
    Outcome<Item> question = items.read(rows.get(0), query).inSide("query");
    if (!question.isGood()) {
      return Collections.nCopies(rows.size(), question.failed());
    }
    List<Outcome<Item>> candidates = new ArrayList<>(rows.size());
    for (Row row : rows) {
      candidates.add(items.read(row, candidate).inSide("candidate"));
    }
    return TaskItems.answer(candidates, usable -> rank(question.value(), usable, items.model()));
  }

  /** A list is ranked as a whole. Where memory is short, the passes are halved. */
  private List<Outcome<Float>> rank(Item question, List<Item> candidates, ListRanker ranker) {
    int tokens = compute.maxTokens();
    Outcome<float[]> ranked = attempt(question, candidates, ranker, tokens);
    while (ranked.isOutOfMemory() && tokens > SHORTEST_PASS) {
      tokens = Math.max(SHORTEST_PASS, tokens / 2);
      ranked = attempt(question, candidates, ranker, tokens);
    }
    List<Outcome<Float>> outcomes = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      outcomes.add(ranked.isGood() ? Outcome.good(ranked.value()[i]) : ranked.failed());
    }
    return outcomes;
  }

  private static Outcome<float[]> attempt(
      Item question, List<Item> candidates, ListRanker ranker, int maxTokens) {
    return new Batches<List<Item>, float[]>(
            lists -> List.of(ranker.rank(question, lists.get(0), maxTokens)),
            ListRanking::finite,
            ranker::release)
        .run(List.of(candidates))
        .get(0);
  }

  /** NaN never reaches a table. */
  private static Outcome<float[]> finite(float[] probabilities) {
    for (float probability : probabilities) {
      if (!Float.isFinite(probability)) {
        return Outcome.bad("nan_probability", "the reranker's probability is " + probability);
      }
    }
    return Outcome.good(probabilities);
  }

  @Override
  public String fingerprint(List<Row> rows, ListRanker model) {
    return model.fingerprint();
  }
}
