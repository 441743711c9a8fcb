package dev.assay.job.files;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** HDFS, and every other file system whose renames are one step. */
record RenamingStorage(FileSystem fileSystem, Configuration hadoop) implements OneStepStorage {

  @Override
  public boolean create(Path file, byte[] content) throws IOException {
    Path draft = new Path(file.getParent(), Storage.hiddenName(file));
    try {
      try (OutputStream out = fileSystem.create(draft, true)) {
        out.write(content);
      }
      rename(draft, file, Rename.NONE);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      fileSystem.delete(draft, false);
    }
  }

  /** The draft's folder is not made anew where it is gone. */
  @Override
  public Draft draft(Path file, Path drafts, Content content) throws IOException {
    Path draft = new Path(drafts, Storage.hiddenName(file));
    int buffer = hadoop.getInt("io.file.buffer.size", 4096);
    try {
      try (OutputStream out =
          fileSystem.createNonRecursive(
              draft,
              true,
              buffer,
              fileSystem.getDefaultReplication(draft),
              fileSystem.getDefaultBlockSize(draft),
              null)) {
        content.writeTo(out);
      }
    } catch (IOException | RuntimeException e) {
      fileSystem.delete(draft, false);
      throw e;
    }
    return new Draft() {
      @Override
      public void publish() throws IOException {
        rename(draft, file, Rename.OVERWRITE);
      }

      @Override
      public void close() throws IOException {
        fileSystem.delete(draft, false);
      }
    };
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    rename(from, to, Rename.NONE);
  }

  @Override
  public void touch(Path file, byte[] content) throws IOException {
    fileSystem.setTimes(file, System.currentTimeMillis(), -1);
  }

  /** Paths may lack the authority that the file system has: {@code hdfs:///workspace}. */
  private void rename(Path from, Path to, Rename option) throws IOException {
    FileContext.getFileContext(fileSystem.getUri(), hadoop)
        .rename(fileSystem.makeQualified(from), fileSystem.makeQualified(to), option);
  }
}
