package dev.assay.checkpoint.writing;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Copies the folder of a checkpoint or an adapter as it is. The base of an adapter is not copied.
 */
public final class FolderCopy {
  private FolderCopy() {}

  /**
   * Writes the copy. It appears when it is complete, and replaces a folder of that name.
   *
   * @return the number of files
   * @throws CheckpointException if the folder cannot be read, or the copy cannot be written
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
