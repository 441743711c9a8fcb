package dev.assay.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.failure.JobFailedException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;

/**
 * Counts rows while they are written, so that no other query reads them for it. A task that is run
 * again counts once.
 */
public final class Tally {
  private static final String ROWS = "rows";
  private static final String KIND = "kind ";

  private final Observation observation = new Observation();
  private Map<String, Long> counted;

  /** The same rows, counted by the one query that is run with them. */
  public Dataset<Row> of(Dataset<Row> rows) {
    return of(rows, new TreeMap<>());
  }

  /**
   * The same, and also counts those that meet a condition.
   *
   * @param kinds the conditions, each under a name
   */
  public Dataset<Row> of(Dataset<Row> rows, SortedMap<String, Column> kinds) {
    Column[] figures =
        kinds.entrySet().stream()
            .map(kind -> count_if(kind.getValue()).as(KIND + kind.getKey()))
            .toArray(Column[]::new);
    return rows.observe(observation, count(lit(1)).as(ROWS), figures);
  }

  /** Counts rows of each value of a column. Values that are not named are not counted. */
  public Dataset<Row> of(Dataset<Row> rows, String column, Iterable<String> values) {
    SortedMap<String, Column> kinds = new TreeMap<>();
    values.forEach(value -> kinds.put(value, col(column).equalTo(value)));
    return of(rows, kinds);
  }

  /** All rows. Call it when they are written. */
  public long rows() {
    return counted().get(ROWS);
  }

  /** The number of rows of each kind that there is. Call it when they are written. */
  public SortedMap<String, Long> kinds() {
    SortedMap<String, Long> kinds = new TreeMap<>();
    counted()
        .forEach(
            (name, n) -> {
              if (name.startsWith(KIND) && n > 0) {
                kinds.put(name.substring(KIND.length()), n);
              }
            });
    return kinds;
  }

  private Map<String, Long> counted() {
    if (counted == null) {
      Map<String, Long> figures = new TreeMap<>();
      try {
        observation.getAsJava().forEach((name, n) -> figures.put(name, ((Number) n).longValue()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new JobFailedException("Cannot count the rows that were written: interrupted");
      }
      counted = figures;
    }
    return counted;
  }
}
