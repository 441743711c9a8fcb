package dev.assay.job.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.JobResult;
import dev.assay.job.workspace.Tables;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What mining counted.
 *
 * @param queries queries that mining read
 * @param mined queries that have a list of negatives
 * @param lists rows of {@code negatives}, by fill
 * @param decisions rows of {@code decisions}, by decision
 */
record MineResult(
    long queries, long mined, SortedMap<String, Long> lists, SortedMap<String, Long> decisions) {

  static MineResult of(long queries, Dataset<Row> negatives, Dataset<Row> decisions) {
    SortedMap<String, Long> lists = new TreeMap<>();
    long mined = 0; // all lists of a query have the same fill
    for (Row row :
        negatives
            .groupBy(Tables.FILL)
            .agg(count(lit(1)), countDistinct(col(Tables.QUERY_ID)))
            .collectAsList()) {
      lists.put(row.getString(0), row.getLong(1));
      mined += row.getLong(2);
    }
    return new MineResult(queries, mined, lists, countsBy(Tables.DECISION, decisions));
  }

  private static SortedMap<String, Long> countsBy(String column, Dataset<Row> rows) {
    SortedMap<String, Long> counts = new TreeMap<>();
    for (Row row : rows.groupBy(column).count().collectAsList()) {
      counts.put(row.getString(0), row.getLong(1));
    }
    return counts;
  }

  JobResult toJobResult() {
    SortedMap<String, Long> counts = new TreeMap<>();
    counts.put("queries", queries);
    counts.put("mined", mined);
    counts.put("negatives", total(lists));
    lists.forEach((fill, n) -> counts.put("fill." + fill, n));
    decisions.forEach((decision, n) -> counts.put("decision." + decision, n));
    return new JobResult(counts, summary());
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d queries, %,d lists of negatives%s; %,d decisions%s",
        mined,
        queries,
        total(lists),
        inWords(lists),
        total(decisions),
        inWords(decisions));
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String inWords(Map<String, Long> counts) {
    return counts.isEmpty()
        ? ""
        : counts.entrySet().stream()
            .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
            .collect(Collectors.joining(", ", " (", ")"));
  }
}
