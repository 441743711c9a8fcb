package dev.assay.job;

import java.io.PrintStream;
import org.apache.spark.sql.SparkSession;

/** Progress for tests of parts of a job. */
public final class TestProgress {
  private TestProgress() {}

  public static Progress of(SparkSession spark, PrintStream out) {
    return new Progress(spark, out, "test");
  }
}
