package dev.assay.job.files;

import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** An object store that writes on a condition, as S3 does. */
class ConditionalObjectStorageTest extends StorageContract {
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
