package dev.assay.job.lock;

import java.time.Clock;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Locks of writers on another machine, without a heartbeat. */
public final class TestLocks {
  private TestLocks() {}

  /** Becomes the writer, as it would be at a given time. */
  public static WriterLock acquire(Path workspace, String job, Configuration hadoop, Clock clock) {
    return WriterLock.acquire(workspace.toString(), writer(job), hadoop, clock);
  }

  static Writer writer(String job) {
    return new Writer("id-" + job, "far-away", "pid:[1]", 7, 1, job, "2025-01-01T00:00:00Z");
  }
}
