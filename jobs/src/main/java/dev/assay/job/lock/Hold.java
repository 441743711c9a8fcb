package dev.assay.job.lock;

import dev.assay.job.failure.JobFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The right to change a workspace, for as long as it lasts. */
public interface Hold {
  /** Hidden folders whose names begin so are folders of drafts. */
  String PREFIX = ".writer-";

  /**
   * The folder in which this writer prepares what it will make visible. It is removed by whoever
   * takes the workspace over.
   *
   * @see dev.assay.job.files.Storage
   */
  Path drafts();

  /**
   * Makes sure that the right is still held.
   *
   * @throws JobFailedException in one plain line, if another writer took the workspace over
   */
  void verify();

  /** For a workspace that nobody else writes to. */
  static Hold alone(Path workspace, Configuration hadoop) {
    Path drafts = new Path(workspace, PREFIX + UUID.randomUUID());
    return new Hold() {
      @Override
      public Path drafts() {
        try {
          drafts.getFileSystem(hadoop).mkdirs(drafts);
          return drafts;
        } catch (IOException e) {
          throw new UncheckedIOException("Cannot write to " + workspace + ": " + e.getMessage(), e);
        }
      }

      @Override
      public void verify() {}
    };
  }
}
