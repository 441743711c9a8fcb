package dev.assay.job.files;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local disks, and network disks that are mounted like them. Java's own files are used and not
 * Hadoop's: Hadoop's rename copies where renaming fails, and its checksum files are second files
 * that do not change with the first in one step.
 */
record LocalStorage(RawLocalFileSystem fileSystem) implements OneStepStorage {

  /** A hard link is made only where the name is free, and by then the content is there. */
  @Override
  public boolean create(Path file, byte[] content) throws IOException {
    java.nio.file.Path target = local(file);
    java.nio.file.Path draft = target.resolveSibling(Storage.hiddenName(file));
    try {
      Files.write(draft, content);
      Files.createLink(target, draft);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  @Override
  public Draft draft(Path file, Path drafts, Content content) throws IOException {
    java.nio.file.Path draft = local(new Path(drafts, Storage.hiddenName(file)));
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(draft, StandardOpenOption.CREATE_NEW))) {
      content.writeTo(out);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
    return new Draft() {
      @Override
      public void publish() throws IOException {
        rename(draft, local(file));
      }

      @Override
      public void close() throws IOException {
        Files.deleteIfExists(draft);
      }
    };
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    if (Files.exists(local(to))) {
      throw new IOException("cannot move " + from + " to " + to + ": it is there already");
    }
    rename(local(from), local(to));
  }

  @Override
  public void touch(Path file, byte[] content) throws IOException {
    Files.setLastModifiedTime(local(file), FileTime.from(Instant.now()));
  }

  private static void rename(java.nio.file.Path from, java.nio.file.Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      FileNotFoundException gone = new FileNotFoundException(e.getMessage());
      gone.initCause(e);
      throw gone;
    }
  }

  private java.nio.file.Path local(Path file) {
    return fileSystem.pathToFile(file).toPath();
  }
}
