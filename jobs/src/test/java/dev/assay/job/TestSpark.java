package dev.assay.job;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The one local Spark session that this module's tests share. It ends with the JVM. */
public final class TestSpark {
  /** Of many small queries, planning and compiling take longer than running them. */
  private static final Map<String, String> QUICK_PLANS =
      Map.of(
          "spark.sql.adaptive.enabled", "false",
          "spark.sql.codegen.wholeStage", "false",
          "spark.sql.codegen.factoryMode", "NO_CODEGEN",
          "spark.sql.autoBroadcastJoinThreshold", "-1",
          "spark.sql.ui.explainMode", "simple",
          "spark.sql.shuffle.partitions", "1");

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

  /** For tests that run many small queries. Call {@link #planAsUsual} after them. */
  public static void planQuickly() {
    QUICK_PLANS.forEach(session().conf()::set);
  }

  /** Ends {@link #planQuickly}: every setting is again as the session started. */
  public static void planAsUsual() {
    for (String name : QUICK_PLANS.keySet()) {
      if (session().sparkContext().getConf().contains(name)) {
        session().conf().set(name, session().sparkContext().getConf().get(name));
      } else {
        session().conf().unset(name);
      }
    }
  }
}
