package dev.assay.job.pipeline;

import dev.assay.job.failure.SettingsException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * The settings with which a Spark session starts.
 *
 * @param master null for the master of {@code spark-submit}, or this machine without it
 * @param settings Spark's own settings, by their full names ({@code spark.…})
 */
public record SparkStart(String master, Map<String, String> settings) {
  private static final String HADOOP = "spark.hadoop.";

  /** Settings for one machine. */
  private static final Map<String, String> LOCAL =
      Map.of(
          "spark.ui.enabled", "false",
          "spark.driver.host", "127.0.0.1",
          "spark.driver.bindAddress", "127.0.0.1",
          // Progress of running tasks comes with the heartbeats.
          "spark.executor.heartbeatInterval", "5s",
          "spark.sql.shuffle.partitions",
              Integer.toString(4 * Runtime.getRuntime().availableProcessors()),
          "spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/assay-warehouse");

  /** Settings for every master. */
  private static final Map<String, String> ALWAYS =
      Map.of(
          "spark.ui.showConsoleProgress", "false",
          // There is one session and it has no artifacts: tasks need not ask the driver for
          // classes.
          "spark.sql.artifact.isolation.enabled", "false",
          // Rows that are kept are cut into as many parts as their size needs, like all others.
          "spark.sql.optimizer.canChangeCachedPlanOutputPartitioning", "true",
          // A task computes far longer than its rows travel: it does not wait for a near executor.
          "spark.locality.wait", "0s");

  /** Hadoop's configuration of the session, without starting it. */
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

  /** Every setting for a master: Assay's own where neither the user nor spark-submit has set it. */
  Map<String, String> settings(String given) {
    Map<String, String> all = new TreeMap<>(ALWAYS);
    if (given.startsWith("local")) {
      all.putAll(LOCAL);
    }
    all.keySet().removeIf(name -> System.getProperty(name) != null);
    all.putAll(settings);
    return all;
  }

  /**
   * Starts the session, or uses the one that {@code spark-submit} prepared.
   *
   * @throws SettingsException if Spark cannot start with these settings
   */
  SparkSession session(String application) {
    String given = master == null ? System.getProperty("spark.master", "local[*]") : master;
    Map<String, String> all = settings(given);
    SparkSession.Builder builder = SparkSession.builder().appName(application).master(given);
    all.forEach(builder::config);
    try {
      return builder.getOrCreate();
    } catch (Exception e) { // Scala throws checked exceptions without declaring them
      throw new SettingsException(
          "Cannot start Spark with master " + given + ": " + e.getMessage(), e);
    }
  }
}
