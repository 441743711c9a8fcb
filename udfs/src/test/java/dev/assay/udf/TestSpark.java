package dev.assay.udf;

import org.apache.spark.sql.SparkSession;

/** The one local session of this module's tests, four tasks wide; it ends with the JVM. */
public final class TestSpark {
  private static SparkSession session;

  private TestSpark() {}

  public static synchronized SparkSession session() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[4]")
              .appName("assay-udfs-tests")
              .config("spark.ui.enabled", false)
              .config("spark.sql.shuffle.partitions", 5)
              .config("spark.sql.codegen.wholeStage", false) // compiling costs more than it saves
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
              .getOrCreate();
      session.sparkContext().setLogLevel("WARN");
    }
    return session;
  }
}
