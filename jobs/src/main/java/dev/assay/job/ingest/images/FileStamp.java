package dev.assay.job.ingest.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/**
 * What a file system says about a file without reading it.
 *
 * @param version length, time of the last change, and the entity tag where there is one
 * @param changed the time of the last change
 */
record FileStamp(String version, Instant changed) {
  /** Longer than the tick of any file system's clock, which is two seconds at most. */
  private static final Duration SETTLED = Duration.ofSeconds(10);

  /** Looks at a file. Empty if there is none, or it may not be seen. */
  static Optional<FileStamp> of(Path path, Configuration hadoop) throws IOException {
    try {
      FileSystem found = path.getFileSystem(hadoop);
      // Without checksum files, which cannot be named after a file with a colon.
      FileSystem files = found instanceof LocalFileSystem local ? local.getRawFileSystem() : found;
      return Optional.of(files.getFileStatus(path)).filter(FileStatus::isFile).map(FileStamp::of);
    } catch (FileNotFoundException | ParentNotDirectoryException | AccessControlException e) {
      return Optional.empty();
    }
  }

  static FileStamp of(FileStatus file) {
    String tag = file instanceof EtagSource tagged ? tagged.getEtag() : null;
    return new FileStamp(
        file.getLen() + " " + file.getModificationTime() + (tag == null ? "" : " " + tag),
        Instant.ofEpochMilli(file.getModificationTime()));
  }

  /**
   * Whether a later change must show in the version. A change just before {@code now} could be
   * followed by another one within the same tick of the clock.
   */
  boolean isSettled(Instant now) {
    return changed.isBefore(now.minus(SETTLED));
  }
}
