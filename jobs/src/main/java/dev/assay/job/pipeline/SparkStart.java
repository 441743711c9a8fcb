package dev.assay.job.pipeline;

import dev.assay.job.failure.SettingsException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * How a Spark session is started, and with which settings.
 *
 * @param master null: what {@code spark-submit} says, or this machine where it does not
 * @param settings Spark's own, by their full names ({@code spark.…})
 */
public record SparkStart(String master, Map<String, String> settings) {
  private static final String HADOOP = "spark.hadoop.";

  /** Settings for one machine, where there is no cluster to ask. */
  private static final Map<String, String> LOCAL =
      Map.of(
          "spark.ui.enabled", "false",
          "spark.driver.host", "127.0.0.1",
          "spark.driver.bindAddress", "127.0.0.1",
          // Progress comes with the heartbeats.
          "spark.executor.heartbeatInterval", "5s",
          "spark.sql.shuffle.partitions",
              Integer.toString(4 * Runtime.getRuntime().availableProcessors()),
          "spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/assay-warehouse");

  /** Hadoop's configuration as the session will have it, without starting one. */
  public Configuration hadoop() {
    Configuration hadoop = new Configuration();
    for (String name : System.getProperties().stringPropertyNames()) {
      putHadoop(hadoop, name, System.getProperty(name));
    }
    settings.forEach((name, value) -> putHadoop(hadoop, name, value));
    return hadoop;
  }

  private static void putHadoop(Configuration hadoop, String name, String value) {
    if (name.startsWith(HADOOP)) {
      hadoop.set(name.substring(HADOOP.length()), value);
    }
  }

  /**
   * Starts the session, or joins the one that {@code spark-submit} prepared.
   *
   * @throws SettingsException if that is not possible with these settings
   */
  SparkSession session(String application) {
    String given = master == null ? System.getProperty("spark.master", "local[*]") : master;
    Map<String, String> all = new TreeMap<>();
    if (given.startsWith("local")) {
      all.putAll(LOCAL);
    }
    all.put("spark.ui.showConsoleProgress", "false");
    all.keySet().removeIf(name -> System.getProperty(name) != null); // as spark-submit was told
    all.putAll(settings);
    SparkSession.Builder builder = SparkSession.builder().appName(application).master(given);
    all.forEach(builder::config);
    try {
      return builder.getOrCreate();
    } catch (Exception e) { // checked ones included: Scala does not say so
      throw new SettingsException(
          "Cannot start Spark with master " + given + ": " + e.getMessage(), e);
    }
  }
}
