package dev.assay.job.files;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes a file whole: a reader finds the old content or the new, never a part of it. */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Replaces a file by what is written while it is not yet visible under its name. Makes the file's
   * folder where there is none.
   */
  public static void replace(Path file, Configuration hadoop, Storage.Content content)
      throws IOException {
    FileSystem fileSystem = file.getFileSystem(hadoop);
    Path whole = fileSystem.makeQualified(file);
    fileSystem.mkdirs(whole.getParent());
    try (Draft draft = Storages.of(whole, hadoop).draft(whole, whole.getParent(), content)) {
      draft.publish();
    }
  }
}
