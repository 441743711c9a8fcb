package dev.assay.job.workspace;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Writes a file whole: a reader finds the old content or the new, never a part of it. */
public final class AtomicFile {
  /** Here an object appears when its stream is closed, and a rename is a copy. */
  private static final Set<String> OBJECT_STORES = Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn");

  /** Writes a file's content. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /** Replaces a small file by these bytes. */
  static void replace(Path file, byte[] content, Configuration hadoop) throws IOException {
    FileSystem fileSystem = file.getFileSystem(hadoop);
    if (OBJECT_STORES.contains(fileSystem.getUri().getScheme())) {
      try (OutputStream out = fileSystem.create(file, true)) {
        out.write(content);
      }
    } else {
      replace(file, hadoop, out -> out.write(content));
    }
  }

  /** Replaces a file by what is written while it is not yet visible under its name. */
  public static void replace(Path file, Configuration hadoop, Content content) throws IOException {
    FileSystem fileSystem = file.getFileSystem(hadoop);
    if (fileSystem instanceof LocalFileSystem local) {
      // Without checksum files: a second rename for the checksum would not be atomic with it.
      fileSystem = local.getRaw();
    }
    Path draft = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
    try {
      try (OutputStream out = fileSystem.create(draft, true)) {
        content.writeTo(out);
      }
      rename(fileSystem, draft, file, hadoop);
    } catch (IOException | RuntimeException e) {
      fileSystem.delete(draft, false);
      throw e;
    }
  }

  /**
   * Writes a small file whole, unless there is one of its name.
   *
   * <p>On object stores looking and writing are two steps: of two that begin within the same moment
   * the second may win. What stands in the file in the end tells them apart.
   *
   * @return whether it was written
   */
  static boolean create(Path file, byte[] content, Configuration hadoop) throws IOException {
    FileSystem fileSystem = file.getFileSystem(hadoop);
    if (fileSystem instanceof LocalFileSystem local) {
      return create(local.pathToFile(file).toPath(), content);
    }
    if (OBJECT_STORES.contains(fileSystem.getUri().getScheme())) {
      return createObject(fileSystem, file, content);
    }
    Path draft = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
    try (OutputStream out = fileSystem.create(draft, true)) {
      out.write(content);
    }
    try {
      FileContext.getFileContext(fileSystem.getUri(), hadoop)
          .rename(draft, file, Options.Rename.NONE);
      return true;
    } catch (FileAlreadyExistsException e) {
      fileSystem.delete(draft, false);
      return false;
    }
  }

  /** A hard link is made only where the name is free, and by then the content is there. */
  private static boolean create(java.nio.file.Path file, byte[] content) throws IOException {
    java.nio.file.Path draft =
        Files.write(
            file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID()), content);
    try {
      Files.createLink(file, draft);
      return true;
    } catch (java.nio.file.FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.delete(draft);
    }
  }

  private static boolean createObject(FileSystem fileSystem, Path file, byte[] content)
      throws IOException {
    if (fileSystem.exists(file)) {
      return false;
    }
    try (OutputStream out = fileSystem.create(file, false)) {
      out.write(content);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    try (InputStream in = fileSystem.open(file)) {
      return Arrays.equals(content, in.readAllBytes());
    }
  }

  /** Makes a file's modification time now; where only writing does that, by writing it again. */
  static void touch(Path file, byte[] content, Configuration hadoop) throws IOException {
    FileSystem fileSystem = file.getFileSystem(hadoop);
    if (OBJECT_STORES.contains(fileSystem.getUri().getScheme())) {
      replace(file, content, hadoop);
    } else {
      fileSystem.setTimes(file, System.currentTimeMillis(), -1);
    }
  }

  private static void rename(FileSystem fileSystem, Path from, Path to, Configuration hadoop)
      throws IOException {
    boolean local = "file".equals(fileSystem.getUri().getScheme());
    if (!local && !OBJECT_STORES.contains(fileSystem.getUri().getScheme())) {
      FileContext.getFileContext(fileSystem.getUri(), hadoop)
          .rename(from, to, Options.Rename.OVERWRITE);
      return;
    }
    if (!local) {
      fileSystem.delete(to, false);
    }
    try {
      if (!fileSystem.rename(from, to)) {
        throw new IOException("cannot rename " + from + " to " + to);
      }
    } catch (FileNotFoundException e) {
      throw new IOException("cannot rename " + from + " to " + to, e);
    }
  }
}
