package dev.assay.job.evaluate.figures;

import dev.assay.retrieval.IdOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * The metrics of each query of a dataset for one system. Queries are in the order of their ids, so
 * that systems can be compared query by query.
 *
 * @param values [metrics of the direction, queries]
 */
public record Outcomes(Direction direction, String dataset, double[][] values) {

  public int queries() {
    return values[0].length;
  }

  /** A name that no other direction and dataset has. */
  String key() {
    return direction.label() + "/" + dataset;
  }

  private record Outcome(String id, int[] ranks, int positives) {}

  /**
   * The outcomes of each dataset.
   *
   * @param rows direction (its label), dataset, query_id, positives (how many the query has), ranks
   *     (of those that were found, ascending)
   */
  public static List<Outcomes> of(List<Row> rows) {
    List<Outcomes> outcomes = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      Map<String, List<Outcome>> datasets = new TreeMap<>(IdOrder.INSTANCE);
      for (Row row : rows) {
        if (row.getString(0).equals(direction.label())) {
          datasets.computeIfAbsent(row.getString(1), d -> new ArrayList<>()).add(outcome(row));
        }
      }
      datasets.forEach((dataset, queries) -> outcomes.add(of(direction, dataset, queries)));
    }
    return outcomes;
  }

  private static Outcome outcome(Row row) {
    int[] ranks = row.<Integer>getList(4).stream().mapToInt(Integer::intValue).toArray();
    return new Outcome(row.getString(2), ranks, (int) row.getLong(3));
  }

  private static Outcomes of(Direction direction, String dataset, List<Outcome> queries) {
    queries.sort(Comparator.comparing(Outcome::id, IdOrder.INSTANCE));
    List<Metric> metrics = direction.metrics();
    double[][] values = new double[metrics.size()][queries.size()];
    for (int m = 0; m < values.length; m++) {
      for (int q = 0; q < values[m].length; q++) {
        values[m][q] = metrics.get(m).of(queries.get(q).ranks(), queries.get(q).positives());
      }
    }
    return new Outcomes(direction, dataset, values);
  }
}
