package dev.assay.job.files;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Chooses the {@link Storage} that fits a file system. */
public final class Storages {
  /** Here an object appears when its stream is closed, and a rename is a copy. */
  private static final Set<String> OBJECT_STORES = Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn");

  private Storages() {}

  /** The storage of a path. */
  public static Storage of(Path path, Configuration hadoop) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (fileSystem instanceof LocalFileSystem local) {
      return new LocalStorage((RawLocalFileSystem) local.getRaw());
    }
    if (fileSystem instanceof RawLocalFileSystem raw) {
      return new LocalStorage(raw);
    }
    String scheme = fileSystem.getUri().getScheme().toLowerCase(Locale.ROOT);
    return OBJECT_STORES.contains(scheme)
        ? new ObjectStorage(fileSystem)
        : new RenamingStorage(fileSystem, hadoop);
  }
}
