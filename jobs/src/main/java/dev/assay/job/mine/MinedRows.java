package dev.assay.job.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;

import dev.assay.job.Tally;
import dev.assay.job.mine.MinedQuery.Negative;
import dev.assay.job.mine.MinedQuery.Reject;
import dev.assay.job.mine.MinedQuery.Verdict;
import dev.assay.job.workspace.Tables;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** {@link MinedQuery} as a row of a data set, and the tables that are cut from it. */
final class MinedRows {
  /** The kind of queries that have a list of negatives. */
  static final String WITH_LIST = "with list";

  private static final String POSITIVES = "positives";
  private static final String DECISIONS = "decisions";
  private static final String REJECTS = "rejects";

  static final StructType SCHEMA =
      new StructType()
          .add(Tables.QUERY_ID, DataTypes.StringType)
          .add(Tables.FILL, DataTypes.StringType)
          .add(
              POSITIVES,
              list(
                  new StructType()
                      .add(Tables.CANDIDATE_ID, DataTypes.StringType)
                      .add(Tables.SCORE, DataTypes.FloatType)))
          .add(Tables.NEGATIVES, list(Tables.NEGATIVE))
          .add(
              DECISIONS,
              list(
                  new StructType()
                      .add(Tables.CANDIDATE_ID, DataTypes.StringType)
                      .add(Tables.DECISION, DataTypes.StringType)
                      .add(Tables.THRESHOLD, DataTypes.FloatType)))
          .add(
              REJECTS,
              list(
                  new StructType()
                      .add(Tables.ID, DataTypes.StringType)
                      .add(Tables.REASON, DataTypes.StringType)
                      .add(Tables.DETAIL, DataTypes.StringType)));

  private MinedRows() {}

  static Row toRow(MinedQuery mined) {
    return RowFactory.create(
        mined.queryId(),
        mined.fill().map(Fill::label).orElse(null),
        rows(mined.positives(), p -> RowFactory.create(p.candidateId(), p.score())),
        rows(mined.negatives(), MinedRows::negative),
        rows(mined.verdicts(), MinedRows::verdict),
        rows(mined.rejects(), reject -> reject(mined.queryId(), reject)));
  }

  private static Row negative(Negative negative) {
    return RowFactory.create(
        negative.candidateId(),
        negative.score(),
        negative.margin(),
        negative.similarity(),
        negative.rank());
  }

  private static Row verdict(Verdict verdict) {
    return RowFactory.create(
        verdict.candidateId(), verdict.decision().label(), verdict.threshold());
  }

  /** A pair goes by both its ids, as it does where it could not be judged. */
  private static Row reject(String queryId, Reject reject) {
    String id = reject.candidateId() == null ? queryId : queryId + " " + reject.candidateId();
    return RowFactory.create(id, reject.reason(), reject.detail());
  }

  private static <T> Row[] rows(List<T> items, Function<T, Row> toRow) {
    return items.stream().map(toRow).toArray(Row[]::new);
  }

  private static ArrayType list(StructType element) {
    return DataTypes.createArrayType(element);
  }

  /**
   * One row a (query, judged positive).
   *
   * @param queries counts all queries, and those {@link #WITH_LIST}
   */
  static Dataset<Row> negatives(Dataset<Row> mined, Tally queries) {
    Dataset<Row> needed = mined.select(Tables.QUERY_ID, POSITIVES, Tables.NEGATIVES, Tables.FILL);
    return queries
        .of(needed, new TreeMap<>(Map.of(WITH_LIST, size(col(POSITIVES)).gt(0))))
        .select(
            col(Tables.QUERY_ID), explode(col(POSITIVES)), col(Tables.NEGATIVES), col(Tables.FILL))
        .select(
            col(Tables.QUERY_ID),
            col("col." + Tables.CANDIDATE_ID).as(Tables.POSITIVE_ID),
            col("col." + Tables.SCORE).as(Tables.POSITIVE_SCORE),
            col(Tables.NEGATIVES),
            col(Tables.FILL));
  }

  /** One row a judged pair. */
  static Dataset<Row> decisions(Dataset<Row> mined) {
    return mined
        .select(col(Tables.QUERY_ID), explode(col(DECISIONS)))
        .select(
            col(Tables.QUERY_ID),
            col("col." + Tables.CANDIDATE_ID),
            col("col." + Tables.DECISION),
            col("col." + Tables.THRESHOLD));
  }

  /** One row a pair or a query that could not be used. */
  static Dataset<Row> rejects(Dataset<Row> mined) {
    return mined
        .select(explode(col(REJECTS)))
        .select(
            col("col." + Tables.ID),
            col("col." + Tables.REASON),
            col("col." + Tables.DETAIL),
            lit(Tables.SCORED).as(Tables.SOURCE));
  }
}
