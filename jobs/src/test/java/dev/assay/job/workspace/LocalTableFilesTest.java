package dev.assay.job.workspace;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;

/** Local disks as Hadoop opens them, with checksums. */
class LocalTableFilesTest extends TableFilesContract {
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
