package dev.assay.cli.settings;

import dev.assay.checkpoint.CheckpointFolder;
import java.util.Map;

/** Settings that reach every part of a run through Spark's and Hadoop's configuration. */
public final class SparkSettings {
  private static final String HADOOP = "spark.hadoop.";

  private SparkSettings() {}

  /** Spark's settings, by their full names. */
  public static Map<String, String> of(Settings settings) {
    Map<String, String> spark = settings.spark();
    if (settings.flag(CheckpointFolder.REHASH)) {
      spark.put(HADOOP + CheckpointFolder.REHASH, "true");
    }
    spark.put(HADOOP + CheckpointFolder.CACHE_FOLDER, settings.text(CheckpointFolder.CACHE_FOLDER));
    spark.put(
        HADOOP + CheckpointFolder.CACHE_GIGABYTES,
        Integer.toString(settings.count(CheckpointFolder.CACHE_GIGABYTES, 0)));
    return spark;
  }
}
