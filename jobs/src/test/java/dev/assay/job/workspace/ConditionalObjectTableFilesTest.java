package dev.assay.job.workspace;

import dev.assay.job.files.MemoryObjectStore;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** An object store that writes on a condition, as S3 does. */
class ConditionalObjectTableFilesTest extends TableFilesContract {
  private final Path folder = new Path("s3a://bucket/" + UUID.randomUUID());

  @Override
  Configuration hadoop() {
    return MemoryObjectStore.settings(true);
  }

  @Override
  Path folder() {
    return folder;
  }

  @Override
  boolean renames() {
    return false;
  }

  @Override
  boolean noticesChanges() {
    return true;
  }
}
