package dev.assay.job.files;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** {@link MemoryFileSystem} for {@code FileContext}, with HDFS's rename that overwrites. */
public final class MemoryContext extends DelegateToFileSystem {
  /** Called by Hadoop. */
  public MemoryContext(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
    super(uri, FileSystem.get(uri, hadoop), hadoop, "memory", true);
  }

  @Override
  public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
    ((MemoryFileSystem) fsImpl).rename(from, to, overwrite);
  }

  @Override
  public void renameInternal(Path from, Path to) throws IOException {
    renameInternal(from, to, false);
  }
}
