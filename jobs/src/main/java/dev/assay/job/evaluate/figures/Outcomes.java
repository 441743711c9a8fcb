package dev.assay.job.evaluate.figures;

import dev.assay.retrieval.IdOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * What a system made of each query of a dataset, in the order of their ids, so that systems can be
 * compared query by query.
 *
 * @param values [metrics of the direction, queries]
 */
public record Outcomes(Direction direction, String dataset, double[][] values) {

  public int queries() {
    return values[0].length;
  }

  /** Names it among all directions and datasets. */
  String key() {
    return direction.label() + "/" + dataset;
  }

  /** One query's. */
  private record Outcome(String id, int[] ranks, int positives) {}

  /**
   * By dataset.
   *
   * @param rows dataset, query_id, positives (how many it has), ranks (of those that were
   *     retrieved, ascending)
   */
  public static List<Outcomes> of(Direction direction, List<Row> rows) {
    Map<String, List<Outcome>> datasets = new TreeMap<>(IdOrder.INSTANCE);
    for (Row row : rows) {
      int[] ranks = row.<Integer>getList(3).stream().mapToInt(Integer::intValue).toArray();
      datasets
          .computeIfAbsent(row.getString(0), dataset -> new ArrayList<>())
          .add(new Outcome(row.getString(1), ranks, (int) row.getLong(2)));
    }
    List<Outcomes> outcomes = new ArrayList<>();
    datasets.forEach((dataset, list) -> outcomes.add(of(direction, dataset, list)));
    return outcomes;
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
