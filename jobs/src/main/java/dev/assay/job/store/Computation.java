package dev.assay.job.store;

import dev.assay.job.JobContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/** What a {@link ResultStore} is filled with: margins of pairs, embeddings of items. */
public interface Computation {
  /** Column that {@link #sign} appends: rows of equal value share work and stay in one slice. */
  String TOGETHER = "__assay_together";

  /**
   * Appends to each row the fingerprint of what would compute it (the last column of the store's
   * key), and {@link #TOGETHER}. Loads no weights: perhaps nothing has to be computed.
   *
   * @throws dev.assay.job.failure.SettingsException if device or checkpoint cannot be used
   */
  Dataset<Row> sign(Dataset<Row> wanted, JobContext context);

  /**
   * Makes sure, once, that the work can be done, before any of it is.
   *
   * @throws dev.assay.job.failure.SettingsException if it cannot, with settings as they are
   */
  void check(JobContext context);

  /**
   * Computes a slice. Equal slices must come out equal to the bit.
   *
   * @param slice distinct rows, signed
   * @param rows how many they are
   * @param done to be counted up, once a row
   * @return for each row the store's key, its value, and {@code error} ({@code reason: detail},
   *     null where there is a value)
   */
  Dataset<Row> compute(Dataset<Row> slice, long rows, LongAccumulator done, JobContext context);
}
