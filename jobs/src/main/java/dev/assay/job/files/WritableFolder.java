package dev.assay.job.files;

import dev.assay.job.failure.SettingsException;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A folder that was proved writable, by writing to it. Needs no Spark session. */
public final class WritableFolder {
  private WritableFolder() {}

  /**
   * Creates the folder where it is missing, writes a file into it and removes that file.
   *
   * @param what the folder's role, for the message
   * @return the folder, fully qualified
   * @throws SettingsException if that is not possible
   */
  public static Path check(String what, String uri, Configuration hadoop) {
    if (uri == null || uri.isBlank()) {
      throw new SettingsException("Cannot open the " + what + ": no folder was given");
    }
    try {
      FileSystem fileSystem = new Path(uri).getFileSystem(hadoop);
      Path folder = fileSystem.makeQualified(new Path(uri));
      fileSystem.mkdirs(folder);
      Path probe = new Path(folder, ".writable-" + UUID.randomUUID());
      fileSystem.create(probe, true).close();
      fileSystem.delete(probe, false);
      return folder;
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          "Cannot write to the " + what + " " + uri + ": " + firstLine(e.getMessage()), e);
    }
  }

  private static String firstLine(String text) {
    return text == null ? "no reason given" : text.lines().findFirst().orElse("");
  }
}
