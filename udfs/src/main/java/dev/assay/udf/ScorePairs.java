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
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;

/**
 * One task of {@link Judge}: rows that {@link PairGroups} put in order go in, the same rows with
 * margin, error and fingerprint come out.
 *
 * @param source opens the scorer on the executor
 * @param query where the query stands
 * @param candidate where the candidate stands
 * @param shared index of {@link PairGroups#SHARED}, the last column, dropped on the way out
 * @param error whether an error column is appended
 * @param fingerprint whether a fingerprint column is appended
 * @param counter counts rows done, or null
 */
record ScorePairs(
    Source source,
    ModelSettings settings,
    ItemColumns query,
    ItemColumns candidate,
    int shared,
    boolean error,
    boolean fingerprint,
    LongAccumulator counter)
    implements MapPartitionsFunction<Row, Row> {

  /** Opens a scorer where the task runs. */
  @FunctionalInterface
  interface Source extends Serializable {
    PairScorer open(ModelSettings settings);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator(); // an empty partition loads no model
    }
    PairScorer scorer = source.open(settings);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> scorer.close());
    ItemReader reader = settings.reader();
    return new RowBatches(
        rows,
        settings.compute().batchSize(),
        (first, row) -> first.get(shared).equals(row.get(shared)),
        batch -> score(batch, scorer, reader));
  }

  private List<Row> score(List<Row> rows, PairScorer scorer, ItemReader reader) {
    boolean candidateFirst = rows.get(0).getStruct(shared).getBoolean(0);
    List<Outcome<Float>> outcomes = outcomes(rows, candidateFirst, scorer, reader);
    if (counter != null) {
      counter.add(rows.size());
    }
    List<Row> result = new ArrayList<>(rows.size());
    String judge = fingerprint ? scorer.fingerprint(candidateFirst) : null;
    for (int i = 0; i < rows.size(); i++) {
      result.add(append(rows.get(i), outcomes.get(i), judge));
    }
    return result;
  }

  private List<Outcome<Float>> outcomes(
      List<Row> rows, boolean candidateFirst, PairScorer scorer, ItemReader reader) {
    ItemColumns sharedColumns = candidateFirst ? candidate : query;
    ItemColumns otherColumns = candidateFirst ? query : candidate;
    Outcome<Item> sharedItem = item(rows.get(0), sharedColumns, candidateFirst, scorer, reader);
    if (!sharedItem.isGood()) {
      return Collections.nCopies(rows.size(), sharedItem.failed());
    }
    List<Outcome<Item>> others = new ArrayList<>(rows.size());
    for (Row row : rows) {
      others.add(item(row, otherColumns, candidateFirst, scorer, reader));
    }
    List<Item> usable = others.stream().filter(Outcome::isGood).map(Outcome::value).toList();
    Iterator<Outcome<Float>> scored =
        new Batches<Item, Float>(
                items -> margins(candidateFirst, sharedItem.value(), items, scorer),
                ScorePairs::finite,
                scorer::release)
            .run(usable)
            .iterator();
    List<Outcome<Float>> outcomes = new ArrayList<>(rows.size());
    for (Outcome<Item> other : others) {
      outcomes.add(other.isGood() ? scored.next() : other.failed());
    }
    return outcomes;
  }

  /** Reads and prepares one side; the error says which side it was. */
  private Outcome<Item> item(
      Row row, ItemColumns columns, boolean candidateFirst, PairScorer scorer, ItemReader reader) {
    Outcome<Item> outcome =
        Outcome.of(
            () -> {
              Item item = columns.read(row, reader);
              scorer.prepare(candidateFirst, item);
              return item;
            });
    return outcome.inSide(columns.equals(query) ? "query" : "candidate");
  }

  private static List<Float> margins(
      boolean candidateFirst, Item shared, List<Item> others, PairScorer scorer) {
    float[] margins = scorer.score(candidateFirst, shared, others);
    if (margins.length != others.size()) {
      throw new IllegalStateException(
          "the judge gave " + margins.length + " margins for " + others.size() + " pairs");
    }
    List<Float> result = new ArrayList<>(margins.length);
    for (float margin : margins) {
      result.add(margin);
    }
    return result;
  }

  /** NaN never reaches a table. */
  private static Outcome<Float> finite(Float margin) {
    return Float.isFinite(margin)
        ? Outcome.good(margin)
        : Outcome.bad("nan_margin", "the judge's margin is " + margin);
  }

  private Row append(Row row, Outcome<Float> outcome, String judge) {
    Object[] values = new Object[shared + 1 + (error ? 1 : 0) + (fingerprint ? 1 : 0)];
    for (int i = 0; i < shared; i++) {
      values[i] = row.get(i);
    }
    values[shared] = outcome.value();
    if (error) {
      values[shared + 1] = outcome.error();
    }
    if (fingerprint) {
      values[values.length - 1] = judge;
    }
    return RowFactory.create(values);
  }
}
