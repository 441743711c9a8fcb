package dev.assay.job.pipeline;

import org.apache.spark.sql.SparkSession;

/** A Spark session for several pipelines. It starts when the first of them needs it. */
final class SharedSession implements AutoCloseable {
  private final String application;
  private SparkSession session;

  /**
   * @param application its name in Spark's own pages and logs
   */
  SharedSession(String application) {
    this.application = application;
  }

  /**
   * @param start is used by the first call
   */
  SparkSession started(SparkStart start) {
    if (session == null) {
      session = start.session(application);
    }
    return session;
  }

  @Override
  public void close() {
    if (session != null) {
      session.stop();
    }
  }
}
