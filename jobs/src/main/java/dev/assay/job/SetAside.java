package dev.assay.job;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import dev.assay.job.workspace.Tables;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows that a job quarantined, by reason.
 *
 * @param reasons the number of rows by reason
 * @param example one of the rows in words, of the most frequent reason
 */
public record SetAside(SortedMap<String, Long> reasons, String example) {
  private static final int EXAMPLE_LENGTH = 200;

  static final SetAside NOTHING = new SetAside(new TreeMap<>(), "");

  /** Counts rows of the table {@code quarantine}. */
  static SetAside of(Dataset<Row> quarantine) {
    String place = "place";
    List<Row> counts =
        quarantine
            .groupBy(Tables.REASON)
            .agg(
                count(lit(1)),
                min(concat_ws(
                        ": ",
                        concat_ws(" ", col(Tables.SOURCE), col(Tables.ID)),
                        coalesce(col(Tables.DETAIL), lit(""))))
                    .as(place))
            .collectAsList();
    SortedMap<String, Long> reasons = new TreeMap<>();
    counts.forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
    String example =
        counts.stream()
            .max(
                Comparator.<Row>comparingLong(row -> row.getLong(1))
                    .thenComparing(row -> row.getString(0), Comparator.reverseOrder()))
            .map(row -> oneLine(row.getAs(place)))
            .orElse("");
    return new SetAside(reasons, example);
  }

  /** Without control characters, which an id or a path can hold, and not too long. */
  private static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= EXAMPLE_LENGTH ? line : line.substring(0, EXAMPLE_LENGTH) + "…";
  }

  /** The number of all rows. */
  public long rows() {
    return reasons.values().stream().mapToLong(Long::longValue).sum();
  }

  SetAside plus(SetAside other) {
    SortedMap<String, Long> sum = new TreeMap<>(reasons);
    other.reasons.forEach((reason, n) -> sum.merge(reason, n, Long::sum));
    return new SetAside(sum, example.isEmpty() ? other.example : example);
  }

  /** Such as {@code 3 quarantined (unreadable_image 2, duplicate_id 1)}. */
  String summary() {
    String why = reasons.isEmpty() ? "" : " (" + byReason() + ")";
    return String.format(Locale.ROOT, "%,d quarantined%s", rows(), why);
  }

  /** The most frequent reason first. */
  String byReason() {
    return reasons.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }
}
