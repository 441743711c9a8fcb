package dev.assay.job.store;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a store holds after all that was wanted was computed, as far as it could be.
 *
 * @param values key and value of every wanted row that has one
 * @param joining joins rows that have the columns of {@link Wanted#keys} with their values, without
 *     looking at what was wanted; those that have none are left out
 * @param failures key and {@code error} of those that have none; this run tried all of them
 * @param reused rows that were in the store already
 * @param computed rows that were not, failures among them
 * @param seconds that computing took
 * @param costs what else it took
 */
public record Filled(
    Dataset<Row> values,
    UnaryOperator<Dataset<Row>> joining,
    Dataset<Row> failures,
    long reused,
    long computed,
    double seconds,
    Costs costs) {

  /** How many distinct rows were wanted. */
  public long wanted() {
    return reused + computed;
  }

  /** Rows with the columns of {@link Wanted#keys}, each with its value; others are left out. */
  public Dataset<Row> join(Dataset<Row> rows) {
    return joining.apply(rows);
  }

  /**
   * For a job's summary: {@code 8,000 reused, 4,452 judged at 116.6 pairs/s}.
   *
   * @param done such as {@code judged}
   * @param unit such as {@code pairs}
   */
  public String summary(String done, String unit) {
    String rate =
        computed == 0
            ? ""
            : String.format(Locale.ROOT, " at %.1f %s/s", computed / Math.max(seconds, 1e-9), unit);
    String also = costs.words().isEmpty() ? "" : ", " + costs.words();
    return String.format(Locale.ROOT, "%,d reused, %,d %s%s%s", reused, computed, done, rate, also);
  }
}
