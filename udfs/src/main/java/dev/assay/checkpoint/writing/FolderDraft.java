package dev.assay.checkpoint.writing;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder that is being written. It has a hidden name beside the final one, and is renamed when it
 * is complete. (On object stores a rename is a copy, so there it appears file by file.)
 */
final class FolderDraft implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  /** Writes a file's content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private final FileSystem fileSystem;
  private final Path target;
  private final Path draft;

  private FolderDraft(FileSystem fileSystem, Path target, Path draft) {
    this.fileSystem = fileSystem;
    this.target = target;
    this.draft = draft;
  }

  static FolderDraft of(String target, Configuration hadoop) throws IOException {
    FileSystem fileSystem = new Path(target).getFileSystem(hadoop);
    if (fileSystem instanceof ChecksumFileSystem checked) {
      fileSystem = checked.getRawFileSystem(); // no checksum files among a model's
    }
    Path folder = fileSystem.makeQualified(new Path(target));
    Path draft = new Path(folder.getParent(), "." + folder.getName() + "." + UUID.randomUUID());
    fileSystem.mkdirs(draft);
    return new FolderDraft(fileSystem, folder, draft);
  }

  /** The final name, fully qualified. */
  Path target() {
    return target;
  }

  void write(String name, Content content) throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(fileSystem.create(new Path(draft, name), false), BUFFER_BYTES)) {
      content.writeTo(out);
    }
  }

  /** Gives the folder its final name. A folder that has the name is deleted. */
  void publish() throws IOException {
    fileSystem.delete(target, true);
    if (!fileSystem.rename(draft, target)) {
      throw new IOException("cannot rename " + draft + " to " + target);
    }
  }

  /** Deletes what was not published. */
  @Override
  public void close() throws IOException {
    fileSystem.delete(draft, true);
  }
}
