package dev.assay.job.judge;

import dev.assay.job.JobContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Gives pairs of contents their margins. */
@FunctionalInterface
public interface JudgingStep {
  String QUERY_HASH = "query_hash";
  String CANDIDATE_HASH = "candidate_hash";
  String QUERY_TEXT = "query_text";
  String QUERY_IMAGE = "query_image";
  String CANDIDATE_TEXT = "candidate_text";
  String CANDIDATE_IMAGE = "candidate_image";
  String ERROR = "error";

  /**
   * @param pairs distinct pairs of contents: both hashes, texts and images (the constants above)
   * @param count how many there are
   * @return one row for each: both hashes, {@code margin}, {@code error} ({@code reason: detail},
   *     null where there is a margin) and {@code judge} (its fingerprint). Computed by the time
   *     this returns; reading it twice judges nothing twice.
   */
  Dataset<Row> judge(Dataset<Row> pairs, long count, JobContext context);
}
