package dev.assay.udf.task;

import dev.assay.item.Item;
import dev.assay.judge.Order;
import dev.assay.judge.PairScorer;
import dev.assay.udf.rows.Batches;
import dev.assay.udf.rows.ItemColumns;
import dev.assay.udf.rows.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Judges one pair a row. A batch has one shared side.
 *
 * @param shared index of the struct column that identifies the shared side; its first field is
 *     whether the shared side is the candidate
 */
public record PairJudging(ItemColumns query, ItemColumns candidate, int shared)
    implements RowWork<PairScorer, Float> {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean together(Row first, Row row) {
    return first.get(shared).equals(row.get(shared));
  }

  @Override
  public void soon(List<Row> rows, TaskItems<PairScorer> items) {
    Order order = order(rows);
    boolean queryFirst = order == Order.QUERY_FIRST;
    for (Row row : rows) {
      items
          .ahead()
          .soon(
              () -> {
                Item first = items.readAhead(row, queryFirst ? query : candidate);
                Item second = items.readAhead(row, queryFirst ? candidate : query);
                items.model().ahead(order, first, second);
              });
    }
  }

  @Override
  public List<Outcome<Float>> outcomes(List<Row> rows, TaskItems<PairScorer> items) {
    Order order = order(rows);
    boolean queryFirst = order == Order.QUERY_FIRST;
    Outcome<Item> sharedItem = side(rows.get(0), queryFirst, items);
    if (!sharedItem.isGood()) {
      return Collections.nCopies(rows.size(), sharedItem.failed());
    }
    List<Outcome<Item>> others = new ArrayList<>(rows.size());
    for (Row row : rows) {
      others.add(side(row, !queryFirst, items));
    }
    PairScorer scorer = items.model();
    Batches<Item, Float> batches =
        new Batches<>(
            batch -> margins(scorer.score(order, sharedItem.value(), batch), batch.size()),
            PairJudging::finite,
            scorer::release);
    return TaskItems.answer(others, batches::run);
  }

  private Order order(List<Row> rows) {
    return rows.get(0).getStruct(shared).getBoolean(0) ? Order.CANDIDATE_FIRST : Order.QUERY_FIRST;
  }

  /** One side of a pair. Its error names the side. */
  private Outcome<Item> side(Row row, boolean ofQuery, TaskItems<PairScorer> items) {
    return ofQuery
        ? items.read(row, query).inSide("query")
        : items.read(row, candidate).inSide("candidate");
  }

  private static List<Float> margins(float[] margins, int pairs) {
    if (margins.length != pairs) {
      throw new IllegalStateException(
          "the judge gave " + margins.length + " margins for " + pairs + " pairs");
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

  @Override
  public String fingerprint(List<Row> rows, PairScorer model) {
    return model.fingerprint(order(rows));
  }
}
