package dev.assay.checkpoint.writing;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;

/** Copies a checkpoint's or an adapter's folder as it is, its base not included. */
public final class FolderCopy {
  private FolderCopy() {}

  /**
   * Writes the copy; it appears when it is complete, and replaces what is there under its name.
   *
   * @return how many files it has
   * @throws CheckpointException if the one cannot be read or the other not be written
   */
  public static int write(String from, String to, Configuration hadoop) {
    CheckpointFolder folder = CheckpointFolder.openAlone(from, hadoop);
    try (FolderDraft draft = FolderDraft.of(to, hadoop)) {
      for (String name : folder.names()) {
        try (InputStream in = folder.open(name)) {
          draft.write(name, in::transferTo);
        }
      }
      draft.publish();
      return folder.names().size();
    } catch (IOException e) {
      throw new CheckpointException("Cannot write " + to + ": " + e.getMessage(), e);
    }
  }
}
