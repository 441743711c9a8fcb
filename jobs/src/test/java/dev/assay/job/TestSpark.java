package dev.assay.job;

import org.apache.spark.sql.SparkSession;

/** The one local Spark session that this module's tests share. It ends with the JVM. */
public final class TestSpark {
  private static SparkSession session;

  private TestSpark() {}

  public static synchronized SparkSession session() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("assay-tests")
              .config("spark.ui.enabled", false)
              .config("spark.sql.shuffle.partitions", 3)
              .config("spark.default.parallelism", 3)
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
              .config("spark.executor.heartbeatInterval", "1s")
              .getOrCreate();
    }
    return session;
  }
}
