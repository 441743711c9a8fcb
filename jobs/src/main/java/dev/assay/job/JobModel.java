package dev.assay.job;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.Fingerprint;
import dev.assay.model.VisionLanguageModel;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The model that a job runs on the executors.
 *
 * @param location its checkpoint folder
 */
public record JobModel(String location) {

  /**
   * Refuses a checkpoint from its headers; for {@link Job#check}.
   *
   * @throws dev.assay.checkpoint.CheckpointException if it cannot be run
   */
  public void check(Configuration hadoop) {
    VisionLanguageModel.check(CheckpointFolder.open(location, hadoop));
  }

  /** The checkpoint's fingerprint; for {@link Job#sources}. */
  public SortedMap<String, String> sources(JobContext context) {
    Configuration hadoop = context.spark().sessionState().newHadoopConf();
    CheckpointFolder folder = CheckpointFolder.open(location, hadoop);
    return new TreeMap<>(Map.of("model", Fingerprint.of(folder)));
  }

  /**
   * Into how many tasks rows are cut: two for each core, so that none waits long for the last, and
   * more where a task would get more than {@code rowsATask}.
   */
  public static int tasks(long rows, int rowsATask, JobContext context) {
    int parallelism = context.spark().sparkContext().defaultParallelism();
    long tasks = Math.max(Math.min(rows, 2L * parallelism), rows / rowsATask);
    return (int) Math.max(1, tasks);
  }
}
