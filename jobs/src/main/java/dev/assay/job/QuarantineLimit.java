package dev.assay.job;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import java.util.Locale;

/**
 * The largest share of rows that a job may quarantine before it stops.
 *
 * @param key the setting, for messages
 * @param share a share of the job's rows, from 0 to 1
 */
public record QuarantineLimit(String key, double share) {
  /** For jobs that run without settings: every row may be quarantined. */
  public static final QuarantineLimit NONE = new QuarantineLimit("", 1);

  public QuarantineLimit {
    if (!(share >= 0 && share <= 1)) {
      throw new SettingsException(key + " is a share between 0 and 1, not " + share);
    }
  }

  /**
   * Stops a job that quarantined too many rows.
   *
   * @param of the number of all rows
   * @throws JobFailedException in one line, with counts by reason
   */
  void check(String job, SetAside setAside, long of) {
    long rows = setAside.rows();
    if (rows > share * of) {
      throw new JobFailedException(
          String.format(
              Locale.ROOT,
              "Cannot %s: %,d of %,d rows (%.1f%%) cannot be used, more than %s = %s: %s; such as"
                  + " %s; no table was changed",
              job,
              rows,
              of,
              100.0 * rows / of,
              key,
              share,
              setAside.byReason(),
              setAside.example()));
    }
  }
}
