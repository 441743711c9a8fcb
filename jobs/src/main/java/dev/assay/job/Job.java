package dev.assay.job;

import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.failure.SettingsException;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;

/**
 * One step of the pipeline. It reads tables and writes tables.
 *
 * <p>A job gets its options in its constructor. A {@link JobRunner} runs it, and skips it if its
 * result already exists: same job version, same inputs, same settings.
 */
public interface Job {
  /** The name on the command line, in messages, and in manifests. */
  String name();

  /** The tables that the job reads. Each must exist before the job runs. */
  List<String> inputs();

  /**
   * The tables that the job writes. The first one is committed last, and its manifest decides
   * whether the job can be skipped. A job without outputs always runs.
   */
  List<String> outputs();

  /** Every option that changes the result, by name. The manifest keeps them. */
  default SortedMap<String, String> settings() {
    return Collections.emptySortedMap();
  }

  /**
   * What the job reads besides tables, by name. Each value changes when the source changes, such as
   * the fingerprint of a checkpoint, or the length and time of a file. Called once, before the job
   * runs.
   */
  default SortedMap<String, String> sources(JobContext context) {
    return Collections.emptySortedMap();
  }

  /**
   * The number of the job's algorithm, kept in its tables' manifests. Raise it whenever the same
   * inputs and settings give another result than before: tables with another number are out of
   * date.
   */
  int version();

  /** Whether the job runs although its result exists. */
  default boolean runsAgain() {
    return false;
  }

  /**
   * Checks options and files before a Spark session starts. The runner calls it again before the
   * job runs, so it should be quick.
   *
   * @throws SettingsException for a missing input or a setting that cannot work
   */
  default void check(Configuration hadoop) {}

  /**
   * What {@link #run} would do now and what that would cost. It writes nothing. Called only if all
   * input tables are there.
   *
   * @param rate rows a second that the job's model computes; empty: it is measured on a sample
   */
  default CostEstimate estimate(JobContext context, OptionalDouble rate) {
    return CostEstimate.UNKNOWN;
  }

  /**
   * Does the work. It reads with {@link JobContext#read} and writes with {@link JobContext#write}.
   *
   * @throws SettingsException for a wrong setting or input that {@link #check} cannot see
   */
  JobResult run(JobContext context);
}
