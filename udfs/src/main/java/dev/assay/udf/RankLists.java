package dev.assay.udf;

import dev.assay.item.Item;
import dev.assay.udf.rows.Batches;
import dev.assay.udf.rows.ItemColumns;
import dev.assay.udf.rows.ItemReader;
import dev.assay.udf.rows.ModelSettings;
import dev.assay.udf.rows.Outcome;
import dev.assay.udf.rows.RowBatches;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;

/**
 * One task of {@link Reranker}: rows, list by list and in the order of each, go in; the same rows
 * with probability and error come out.
 *
 * @param source opens the ranker on the executor
 * @param query where the query stands; a list's first row says it for all
 * @param candidate where the candidate stands
 * @param list index of what tells lists apart
 * @param number index of a row's place in its list, the last column, dropped on the way out
 * @param error whether an error column is appended
 * @param counter counts rows done, or null
 */
record RankLists(
    Source source,
    ModelSettings settings,
    ItemColumns query,
    ItemColumns candidate,
    int list,
    int number,
    boolean error,
    LongAccumulator counter)
    implements MapPartitionsFunction<Row, Row> {
  /** A list that does not fit in passes as short as this does not fit at all. */
  private static final int SHORTEST_PASS = 64;

  /** Opens a ranker where the task runs. */
  @FunctionalInterface
  interface Source extends Serializable {
    ListRanker open(ModelSettings settings);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator(); // an empty partition loads no model
    }
    ListRanker ranker = source.open(settings);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> ranker.close());
    ItemReader reader = settings.reader();
    return new RowBatches(
        rows,
        settings.compute().batchSize(),
        (first, row) -> Objects.equals(first.get(list), row.get(list)),
        batch -> rank(batch, ranker, reader));
  }

  private List<Row> rank(List<Row> rows, ListRanker ranker, ItemReader reader) {
    List<Outcome<Float>> outcomes = outcomes(rows, ranker, reader);
    if (counter != null) {
      counter.add(rows.size());
    }
    List<Row> result = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      result.add(append(rows.get(i), outcomes.get(i)));
    }
    return result;
  }

  private List<Outcome<Float>> outcomes(List<Row> rows, ListRanker ranker, ItemReader reader) {
    if (rows.get(0).getInt(number) >= settings.compute().batchSize()) {
      String limit =
          "a list is ranked up to its first " + settings.compute().batchSize() + " candidates";
      return Collections.nCopies(rows.size(), Outcome.bad("beyond_list", limit));
    }
    Outcome<Item> asked = item(rows.get(0), query, ranker, reader).inSide("query");
    if (!asked.isGood()) {
      return Collections.nCopies(rows.size(), asked.failed());
    }
    List<Outcome<Item>> items = new ArrayList<>(rows.size());
    for (Row row : rows) {
      items.add(item(row, candidate, ranker, reader).inSide("candidate"));
    }
    List<Item> usable = items.stream().filter(Outcome::isGood).map(Outcome::value).toList();
    Outcome<float[]> ranked = rank(asked.value(), usable, ranker);
    List<Outcome<Float>> outcomes = new ArrayList<>(rows.size());
    int at = 0;
    for (Outcome<Item> item : items) {
      if (item.isGood()) {
        outcomes.add(ranked.isGood() ? Outcome.good(ranked.value()[at++]) : ranked.failed());
      } else {
        outcomes.add(item.failed());
      }
    }
    return outcomes;
  }

  private static Outcome<Item> item(
      Row row, ItemColumns columns, ListRanker ranker, ItemReader reader) {
    return Outcome.of(
        () -> {
          Item item = columns.read(row, reader);
          ranker.prepare(item);
          return item;
        });
  }

  /** A list is ranked as a whole: where memory is short it is the passes that are halved. */
  private Outcome<float[]> rank(Item asked, List<Item> candidates, ListRanker ranker) {
    int passes = settings.compute().maxTokens();
    Outcome<float[]> ranked = attempt(asked, candidates, ranker, passes);
    while (ranked.isOutOfMemory() && passes > SHORTEST_PASS) {
      passes = Math.max(SHORTEST_PASS, passes / 2);
      ranked = attempt(asked, candidates, ranker, passes);
    }
    return ranked;
  }

  private static Outcome<float[]> attempt(
      Item asked, List<Item> candidates, ListRanker ranker, int maxTokens) {
    return new Batches<List<Item>, float[]>(
            lists -> List.of(ranker.rank(asked, lists.get(0), maxTokens)),
            RankLists::finite,
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

  private Row append(Row row, Outcome<Float> outcome) {
    Object[] values = new Object[number + 1 + (error ? 1 : 0)];
    for (int i = 0; i < number; i++) {
      values[i] = row.get(i);
    }
    values[number] = outcome.value();
    if (error) {
      values[number + 1] = outcome.error();
    }
    return RowFactory.create(values);
  }
}
