package dev.assay.job.lock;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;

/** Local disks as Hadoop opens them, with checksums. */
class LocalWriterLockTest extends WriterLockContract {
  @TempDir Path folder;

  @Override
  Configuration hadoop() {
    return new Configuration();
  }

  @Override
  org.apache.hadoop.fs.Path folder() {
    return new org.apache.hadoop.fs.Path(folder.toString());
  }
}
