package dev.assay.job;

import dev.assay.job.failure.SettingsException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;

/**
 * One step of the pipeline: tables in, tables out.
 *
 * <p>A job takes its options in its constructor and is run by a {@link JobRunner}, which skips it
 * where its result is already there: same job version, same inputs, same settings.
 */
public interface Job {
  /** The name on the command line, in messages, and in manifests. */
  String name();

  /** The tables it reads. Each must be there before the job runs. */
  List<String> inputs();

  /**
   * The tables it writes. The first one is committed last, and its manifest decides whether the job
   * can be skipped. A job without outputs always runs.
   */
  List<String> outputs();

  /** Every option that changes the result, by name. Kept in the manifest. */
  default SortedMap<String, String> settings() {
    return Collections.emptySortedMap();
  }

  /**
   * What the job reads besides tables, by name, each with a value that changes when it changes: the
   * fingerprint of a checkpoint, the length and time of a file. Asked once, before the job runs.
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

  /**
   * Refuses what can be known to be wrong from options and files alone, before a Spark session is
   * started. Run again by the runner, so it should be quick.
   *
   * @throws SettingsException for a missing input or a setting that cannot work
   */
  default void check(Configuration hadoop) {}

  /**
   * Does the work: reads through {@link JobContext#read}, writes through {@link JobContext#write}.
   *
   * @throws SettingsException for wrong settings or input that only the tables can show
   */
  JobResult run(JobContext context);
}
