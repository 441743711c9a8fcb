package dev.assay.job.train.data;

import static dev.assay.job.workspace.Tables.CANDIDATES;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.DATASET;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.NEGATIVES;
import static dev.assay.job.workspace.Tables.POSITIVE_ID;
import static dev.assay.job.workspace.Tables.POSITIVE_SCORE;
import static dev.assay.job.workspace.Tables.QUERIES;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.SCORE;
import static dev.assay.job.workspace.Tables.TEXT;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;

import dev.assay.job.JobContext;
import dev.assay.job.failure.SettingsException;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of {@code negatives} with the items that they name. They are checked before the first
 * step.
 */
public final class MinedLists {
  static final String QUERY = "query";
  static final String ITEM = "item";
  static final String ITEMS = "items";
  static final String SCORES = "scores";

  private static final String PLACE = "place";

  private final JobContext context;
  private final int negatives;
  private final String key;

  /**
   * @param negatives how many of each list are used
   * @param key the setting with that number, for messages
   */
  public MinedLists(JobContext context, int negatives, String key) {
    this.context = context;
    this.negatives = negatives;
    this.key = key;
  }

  /**
   * All rows: {@code query_id, positive_id, dataset, query (text, image, content_hash), items (the
   * positive's and the first negatives'), scores}.
   *
   * @throws SettingsException if there are none, or one of them cannot be used
   */
  Dataset<Row> read() {
    Dataset<Row> mined = context.read(NEGATIVES);
    checkLists(mined);
    Dataset<Row> lists =
        mined.select(
            col(QUERY_ID),
            col(POSITIVE_ID),
            posexplode(
                    concat(
                        array(col(POSITIVE_ID)),
                        transform(first(), negative -> negative.getField(CANDIDATE_ID))))
                .as(new String[] {PLACE, CANDIDATE_ID}));
    Dataset<Row> items = items(CANDIDATES, CANDIDATE_ID, ITEM);
    checkNamed(lists, items, CANDIDATE_ID, CANDIDATES);
    Dataset<Row> queries = items(QUERIES, QUERY_ID, QUERY);
    checkNamed(mined, queries, QUERY_ID, QUERIES);
    Dataset<Row> scores =
        mined.select(
            col(QUERY_ID),
            col(POSITIVE_ID),
            concat(
                    array(col(POSITIVE_SCORE)),
                    transform(first(), negative -> negative.getField(SCORE)))
                .as(SCORES));
    return lists
        .join(items, CANDIDATE_ID)
        .groupBy(QUERY_ID, POSITIVE_ID)
        .agg(array_sort(collect_list(struct(col(PLACE), col(ITEM)))).as(ITEMS))
        .join(scores, new String[] {QUERY_ID, POSITIVE_ID})
        .join(queries.withColumnRenamed("__" + DATASET, DATASET), QUERY_ID);
  }

  /** How many of each list are used. */
  int negatives() {
    return negatives;
  }

  private Column first() {
    return slice(col(NEGATIVES), 1, negatives);
  }

  private Dataset<Row> items(String table, String id, String name) {
    return context
        .read(table)
        .select(
            col(id),
            col(DATASET).as("__" + DATASET),
            struct(col(TEXT), col(IMAGE), col(CONTENT_HASH)).as(name));
  }

  private void checkLists(Dataset<Row> mined) {
    Column short_ = size(col(NEGATIVES)).lt(negatives);
    Column broken =
        unusable(col(POSITIVE_SCORE))
            .or(exists(first(), negative -> unusable(negative.getField(SCORE))));
    Row found =
        mined
            .select(
                count(lit(1)),
                min(when(short_, col(QUERY_ID))),
                min(when(short_, size(col(NEGATIVES)))),
                min(when(broken, col(QUERY_ID))))
            .first();
    if (found.getLong(0) == 0) {
      throw refusal("table negatives is empty; no query has a list of negatives");
    }
    if (!found.isNullAt(1)) {
      throw refusal(
          String.format(
              Locale.ROOT,
              "%s is %d, but the list of query %s has fewer (the shortest has %d); lower it, or"
                  + " mine more",
              key,
              negatives,
              found.getString(1),
              found.getInt(2)));
    }
    if (!found.isNullAt(3)) {
      throw refusal(
          "a score of query "
              + found.getString(3)
              + " in negatives is not a number; run mine again");
    }
  }

  private static Column when(Column condition, Column value) {
    return org.apache.spark.sql.functions.when(condition, value);
  }

  private static Column unusable(Column score) {
    return score.isNull().or(isnan(score)).or(score.isin(infinity(1), infinity(-1)));
  }

  private static float infinity(int sign) {
    return sign * Float.POSITIVE_INFINITY;
  }

  private void checkNamed(Dataset<Row> names, Dataset<Row> items, String id, String table) {
    Row found =
        names
            .join(items, new String[] {id}, "left_anti")
            .select(count(lit(1)), min(struct(col(id), col(QUERY_ID).as("of"))))
            .first();
    if (found.getLong(0) > 0) {
      Row one = found.getStruct(1);
      throw refusal(
          String.format(
              Locale.ROOT,
              "negatives name %s, which is not in %s (for query %s; %,d such); run ingest and the"
                  + " jobs after it again",
              one.getString(0),
              table,
              one.getString(1),
              found.getLong(0)));
    }
  }

  private SettingsException refusal(String why) {
    return new SettingsException("Cannot " + context.jobName() + ": " + why);
  }
}
