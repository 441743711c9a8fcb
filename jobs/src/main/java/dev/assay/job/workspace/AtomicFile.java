package dev.assay.job.workspace;

import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Replaces a small file whole: a reader finds the old content or the new, never a part of it. */
final class AtomicFile {
  /** Here an object appears when its stream is closed, and a rename would be a copy. */
  private static final Set<String> OBJECT_STORES = Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn");

  private AtomicFile() {}

  static void replace(Path file, byte[] content, Configuration hadoop) throws IOException {
    FileSystem fileSystem = file.getFileSystem(hadoop);
    if (OBJECT_STORES.contains(fileSystem.getScheme())) {
      try (FSDataOutputStream out = fileSystem.create(file, true)) {
        out.write(content);
      }
      return;
    }
    Path draft = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
    try {
      if (fileSystem instanceof LocalFileSystem local) {
        // Without checksum files: a second rename for the checksum would not be atomic with it.
        FileSystem raw = local.getRaw();
        write(raw, draft, content);
        if (!raw.rename(draft, file)) {
          throw new IOException("cannot rename " + draft + " to " + file);
        }
      } else {
        write(fileSystem, draft, content);
        FileContext.getFileContext(fileSystem.getUri(), hadoop)
            .rename(draft, file, Options.Rename.OVERWRITE);
      }
    } catch (IOException | RuntimeException e) {
      fileSystem.delete(draft, false);
      throw e;
    }
  }

  private static void write(FileSystem fileSystem, Path file, byte[] content) throws IOException {
    try (FSDataOutputStream out = fileSystem.create(file, true)) {
      out.write(content);
      out.hsync();
    }
  }
}
