package dev.assay.job.workspace;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Replaces a file whole: a reader finds the old content or the new, never a part of it. */
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
