package dev.assay.job.evaluate.task;

import static dev.assay.job.workspace.Tables.CANDIDATES;
import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.DETAIL;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.ID;
import static dev.assay.job.workspace.Tables.QUERIES;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static dev.assay.job.workspace.Tables.REASON;
import static dev.assay.job.workspace.Tables.RETRIEVED;
import static dev.assay.job.workspace.Tables.SOURCE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import dev.assay.job.PersistedRows;
import dev.assay.udf.rows.RowError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The items and pairs that a model could not use, by their ids in the tables. */
public final class SetAsideItems implements AutoCloseable {
  private final PersistedRows persisted = PersistedRows.inMemory();
  private final List<Dataset<Row>> parts = new ArrayList<>();

  /**
   * Items without an embedding.
   *
   * @param failures content_hash, error
   */
  public void addItems(Dataset<Row> failures, EvaluationData data) {
    Dataset<Row> bad = failures.select(col(CONTENT_HASH), reason(), detail());
    if (!some(bad)) {
      return;
    }
    parts.add(items(data.queries(), QUERY_ID, bad, QUERIES));
    parts.add(items(data.candidates(), CANDIDATE_ID, bad, CANDIDATES));
  }

  private static Dataset<Row> items(Dataset<Row> items, String id, Dataset<Row> bad, String table) {
    return items
        .join(bad, CONTENT_HASH)
        .select(col(id).as(ID), col(REASON), col(DETAIL), lit(table).as(SOURCE));
  }

  /**
   * Pairs without a score.
   *
   * @param failures query_hash, candidate_hash, error
   */
  public void addPairs(Dataset<Row> failures, EvaluationData data) {
    if (!some(failures)) {
      return;
    }
    parts.add(
        failures
            .join(ids(data.queries(), QUERY_ID, QUERY_HASH), QUERY_HASH)
            .join(ids(data.candidates(), CANDIDATE_ID, CANDIDATE_HASH), CANDIDATE_HASH)
            .select(
                concat_ws(" ", col(QUERY_ID), col(CANDIDATE_ID)).as(ID),
                reason(),
                detail(),
                lit(RETRIEVED).as(SOURCE)));
  }

  /** Computes failures and keeps them. Most often there are none, and nothing has to be joined. */
  private boolean some(Dataset<Row> failures) {
    return persisted.keep(failures).count() > 0;
  }

  @Override
  public void close() {
    persisted.close();
  }

  /** One id for each content. */
  private static Dataset<Row> ids(Dataset<Row> items, String id, String hash) {
    return items.groupBy(col(CONTENT_HASH).as(hash)).agg(min(id).as(id));
  }

  /** Everything that was added, each row once, in the columns of {@code quarantine}. */
  public Optional<Dataset<Row>> rows() {
    return parts.stream().reduce(Dataset::union).map(Dataset::distinct);
  }

  private static Column reason() {
    return RowError.reason(col(ERROR)).as(REASON);
  }

  private static Column detail() {
    return RowError.detail(col(ERROR)).as(DETAIL);
  }
}
