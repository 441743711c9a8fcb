package dev.assay.checkpoint;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * A text that changes whenever a file's content does, found without reading the content.
 *
 * <ul>
 *   <li>Object stores: the entity tag of the object.
 *   <li>HDFS: the checksum that it keeps of its blocks.
 *   <li>Local disks: size, inode, and the times of the last change of content and of attributes.
 *       Programs can set the former back, but not the latter. A file that was changed just now has
 *       none: a second change could fall into the same tick of the clock.
 *   <li>All others, network file systems among them: none.
 * </ul>
 */
final class FileVersion {
  /** Types of file systems on disks of this machine, as Java names them. */
  private static final Set<String> LOCAL_DISKS =
      Set.of(
          "apfs",
          "bcachefs",
          "btrfs",
          "ext2",
          "ext3",
          "ext4",
          "f2fs",
          "hfs",
          "jfs",
          "overlay",
          "reiserfs",
          "tmpfs",
          "ufs",
          "xfs",
          "zfs");

  /** Longer than the tick of any of their clocks, which is two seconds at most. */
  private static final Duration SETTLED = Duration.ofSeconds(10);

  private FileVersion() {}

  /**
   * The version of a file.
   *
   * @return nothing if its file system cannot name one
   */
  static Optional<String> of(FileSystem fileSystem, FileStatus file, Clock clock) {
    String size = file.getLen() + " ";
    if (file instanceof EtagSource tagged) {
      return Optional.ofNullable(tagged.getEtag())
          .filter(tag -> !tag.isBlank())
          .map(tag -> "etag " + size + tag);
    }
    try {
      if ("file".equals(fileSystem.getUri().getScheme())) {
        return ofLocal(java.nio.file.Path.of(file.getPath().toUri().getPath()), clock);
      }
      FileChecksum checksum = fileSystem.getFileChecksum(file.getPath());
      return Optional.ofNullable(checksum)
          .map(sum -> "checksum " + size + file.getModificationTime() + " " + sum);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** The version of a file on a disk of this machine. */
  static Optional<String> ofLocal(java.nio.file.Path file, Clock clock) throws IOException {
    FileStore store = Files.getFileStore(file);
    if (!LOCAL_DISKS.contains(store.type().toLowerCase(Locale.ROOT))) {
      return Optional.empty();
    }
    Map<String, Object> found =
        Files.readAttributes(file, "unix:size,dev,ino,lastModifiedTime,ctime");
    Instant content = ((FileTime) found.get("lastModifiedTime")).toInstant();
    Instant attributes = ((FileTime) found.get("ctime")).toInstant();
    Instant settled = clock.instant().minus(SETTLED);
    if (content.isAfter(settled) || attributes.isAfter(settled)) {
      return Optional.empty();
    }
    return Optional.of(
        "local "
            + found.get("size")
            + " "
            + found.get("dev")
            + " "
            + found.get("ino")
            + " "
            + content
            + " "
            + attributes);
  }
}
