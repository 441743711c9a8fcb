package dev.assay.job.files;

import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** An object store that knows no conditions. */
class ObjectStorageTest extends StorageContract {
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
  boolean isExclusive() {
    return false;
  }

  @Override
  boolean renames() {
    return false;
  }
}
