package dev.assay.job.files;

import static org.apache.hadoop.fs.Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;
import static org.apache.hadoop.fs.Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Arrays;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Object stores. An object appears whole when its stream is closed; a rename is a copy. Stores that
 * can, write an object only if there is none, or only if it is still the one that was seen (S3 from
 * Hadoop 3.4.2 on).
 */
record ObjectStorage(FileSystem fileSystem) implements Storage {

  /**
   * Where the store has no conditions, looking and writing are two steps: of two that begin within
   * the same moment the second may win. What stands in the file in the end tells them apart.
   */
  @Override
  public boolean create(Path file, byte[] content) throws IOException {
    if (fileSystem.exists(file)) {
      return false;
    }
    try {
      write(file, false, onlyIfAbsent(file), out -> out.write(content));
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      if (!fileSystem.exists(file)) {
        throw e;
      }
    }
    try (InputStream in = fileSystem.open(file)) {
      return Arrays.equals(content, in.readAllBytes());
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /** Remembers which object is to be replaced, and writes nothing before it is published. */
  @Override
  public Draft draft(Path file, Path drafts, Content content) throws IOException {
    Condition condition = onlyIfUnchanged(file);
    return new Draft() {
      @Override
      public void publish() throws IOException {
        write(file, true, condition, content);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    if (!fileSystem.rename(from, to)) {
      throw new IOException("cannot move " + from + " to " + to);
    }
  }

  @Override
  public void discard(Path path, Path drafts) throws IOException {
    fileSystem.delete(path, true);
  }

  @Override
  public void revoke(Path drafts) throws IOException {
    fileSystem.delete(drafts, true);
  }

  /** Only writing changes an object's time. */
  @Override
  public void touch(Path file, byte[] content) throws IOException {
    write(file, true, Condition.NONE, out -> out.write(content));
  }

  /**
   * What must hold for an object to be written.
   *
   * @param absent that there is none
   * @param etag that it is this one, or null
   */
  private record Condition(boolean absent, String etag) {
    static final Condition NONE = new Condition(false, null);
  }

  private Condition onlyIfAbsent(Path file) throws IOException {
    return can(file, FS_OPTION_CREATE_CONDITIONAL_OVERWRITE)
        ? new Condition(true, null)
        : Condition.NONE;
  }

  private Condition onlyIfUnchanged(Path file) throws IOException {
    try {
      FileStatus status = fileSystem.getFileStatus(file);
      boolean can = can(file, FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG);
      return can && status instanceof EtagSource tagged && tagged.getEtag() != null
          ? new Condition(false, tagged.getEtag())
          : Condition.NONE;
    } catch (FileNotFoundException e) {
      return onlyIfAbsent(file);
    }
  }

  private boolean can(Path file, String capability) throws IOException {
    return fileSystem.hasPathCapability(file, capability);
  }

  /** Where the content breaks off, nothing is published. */
  private void write(Path file, boolean overwrite, Condition condition, Content content)
      throws IOException {
    if (can(file, CommonPathCapabilities.ABORTABLE_STREAM)) {
      writeOrAbort(file, overwrite, condition, content);
      return;
    }
    java.nio.file.Path whole = Files.createTempFile("assay-", ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(whole))) {
        content.writeTo(out);
      }
      try (OutputStream out = open(file, overwrite, condition)) {
        Files.copy(whole, out);
      }
    } finally {
      Files.delete(whole);
    }
  }

  private void writeOrAbort(Path file, boolean overwrite, Condition condition, Content content)
      throws IOException {
    FSDataOutputStream out = open(file, overwrite, condition);
    boolean written = false;
    try {
      content.writeTo(out);
      written = true;
    } finally {
      if (!written) {
        out.abort();
      }
      out.close();
    }
  }

  private FSDataOutputStream open(Path file, boolean overwrite, Condition condition)
      throws IOException {
    if (condition.equals(Condition.NONE)) {
      return fileSystem.create(file, overwrite);
    }
    FSDataOutputStreamBuilder<?, ?> builder =
        fileSystem.createFile(file).overwrite(true).recursive();
    if (condition.absent()) {
      builder.must(FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
    } else {
      builder.must(FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG, condition.etag());
    }
    return (FSDataOutputStream) builder.build();
  }
}
