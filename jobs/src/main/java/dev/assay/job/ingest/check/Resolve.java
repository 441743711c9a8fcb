package dev.assay.job.ingest.check;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.ingest.input.Found;
import dev.assay.job.workspace.Tables;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Resolves what rows mean for each other: ids that occur twice, ids that no item has. The outcome
 * depends on the order of the input only, never on its partitions.
 */
public final class Resolve {
  private static final String USABLE = "usable";

  private Resolve() {}

  /**
   * Keeps the first usable row of each item and gives the others a reason.
   *
   * @param partitions of the result
   */
  public static Dataset<Row> uniqueItems(Dataset<Row> items, int partitions) {
    return unique(items, partitions, "duplicate_id", col(Found.KIND), col(Tables.ID));
  }

  /**
   * Keeps each pair of a usable query and a usable candidate once, and gives the other pairs a
   * reason.
   *
   * @param items all of them, usable ones without a reason
   * @param partitions of the result
   */
  public static Dataset<Row> knownPairs(Dataset<Row> pairs, Dataset<Row> items, int partitions) {
    Dataset<Row> known =
        pairs
            .join(ids(items, Found.QUERY, Tables.QUERY_ID), Tables.QUERY_ID, "left_outer")
            .withColumn("query_known", col(USABLE))
            .drop(USABLE);
    known =
        known
            .join(
                ids(items, Found.CANDIDATE, Tables.CANDIDATE_ID), Tables.CANDIDATE_ID, "left_outer")
            .withColumn("candidate_known", col(USABLE))
            .drop(USABLE);
    known = unknown(known, col("query_known"), "unknown_query", Tables.QUERY_ID);
    known = unknown(known, col("candidate_known"), "unknown_candidate", Tables.CANDIDATE_ID);
    return unique(
        known, partitions, "duplicate_pair", col(Tables.QUERY_ID), col(Tables.CANDIDATE_ID));
  }

  /** Keeps negatives whose query, positive and candidate are usable. */
  public static Dataset<Row> knownNegatives(
      Dataset<Row> negatives, Dataset<Row> pairs, Dataset<Row> items) {
    // A pair has the ordinal of its first entry: entries that repeat the pair are dropped.
    Dataset<Row> rows =
        negatives.join(
            pairs.where(col(Tables.REASON).isNull()).select(Found.ORDINAL),
            Found.ORDINAL,
            "left_semi");
    Column negative = col("negative.candidate_id");
    Dataset<Row> lists =
        rows.select(
                col(Found.ORDINAL),
                posexplode(col(Tables.NEGATIVES)).as(new String[] {"at", "negative"}))
            .withColumn(Tables.CANDIDATE_ID, negative)
            .join(
                ids(items, Found.CANDIDATE, Tables.CANDIDATE_ID), Tables.CANDIDATE_ID, "left_semi")
            .groupBy(Found.ORDINAL)
            .agg(array_sort(collect_list(struct("at", "negative"))).as("placed"));
    return rows.drop(Tables.NEGATIVES)
        .join(lists, Found.ORDINAL)
        .withColumn(
            Tables.NEGATIVES, transform(col("placed"), placed -> placed.getField("negative")));
  }

  /** Keeps usable choices of queries whose right choice is usable. */
  public static Dataset<Row> knownChoices(
      Dataset<Row> choices, Dataset<Row> pairs, Dataset<Row> items) {
    Dataset<Row> answerable =
        pairs.where(col(Tables.REASON).isNull()).select(Tables.QUERY_ID).distinct();
    return choices
        .join(answerable, Tables.QUERY_ID)
        .join(ids(items, Found.CANDIDATE, Tables.CANDIDATE_ID), Tables.CANDIDATE_ID);
  }

  private static Dataset<Row> ids(Dataset<Row> items, String kind, String name) {
    return items
        .where(col(Found.KIND).equalTo(kind).and(col(Tables.REASON).isNull()))
        .select(col(Tables.ID).as(name), lit(true).as(USABLE));
  }

  private static Dataset<Row> unknown(
      Dataset<Row> pairs, Column known, String reason, String column) {
    Column bad = col(Tables.REASON).isNull().and(known.isNull());
    Column detail = concat(lit("no usable row has " + column + " "), col(column));
    return pairs
        .withColumn(Tables.DETAIL, when(bad, detail).otherwise(col(Tables.DETAIL)))
        .withColumn(Tables.REASON, when(bad, lit(reason)).otherwise(col(Tables.REASON)));
  }

  private static Dataset<Row> unique(
      Dataset<Row> rows, int partitions, String reason, Column... key) {
    // A row that already has a reason is a group of its own, so that a million rows without an id
    // do not end up in one task.
    Column[] group = Arrays.copyOf(key, key.length + 1);
    group[key.length] = when(col(Tables.REASON).isNotNull(), col(Tables.SOURCE));
    WindowSpec window = Window.partitionBy(group).orderBy(col(Found.ORDINAL));
    // Spark would keep its number of shuffle partitions, 200, where the result is cached: hundreds
    // of tasks in every later step, and as many files in every table.
    return rows.repartition(partitions, group)
        .withColumn("place", row_number().over(window))
        .withColumn("first", first(col(Tables.SOURCE)).over(window))
        .withColumn(
            Tables.DETAIL,
            when(
                    col(Tables.REASON).isNull().and(col("place").gt(1)),
                    concat(lit("already stands at "), col("first")))
                .otherwise(col(Tables.DETAIL)))
        .withColumn(
            Tables.REASON, coalesce(col(Tables.REASON), when(col("place").gt(1), lit(reason))))
        .drop("place", "first");
  }
}
