package dev.assay.job.workspace;

import dev.assay.job.files.MemoryObjectStore;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** An object store that knows no conditions. */
class ObjectTableFilesTest extends TableFilesContract {
  private final Path folder = new Path("s3a://bucket/" + UUID.randomUUID());

  @Override
  Configuration hadoop() {
    return MemoryObjectStore.settings(false);
  }

  @Override
  Path folder() {
    return folder;
  }

  @Override
  boolean renames() {
    return false;
  }
}
