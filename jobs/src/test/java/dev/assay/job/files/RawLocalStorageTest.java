package dev.assay.job.files;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.io.TempDir;

/** Local disks without checksums. */
class RawLocalStorageTest extends StorageContract {
  @TempDir Path folder;

  @Override
  Configuration hadoop() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    return hadoop;
  }

  @Override
  org.apache.hadoop.fs.Path folder() {
    return new org.apache.hadoop.fs.Path(folder.toString());
  }
}
