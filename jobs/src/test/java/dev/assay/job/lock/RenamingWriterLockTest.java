package dev.assay.job.lock;

import dev.assay.job.files.MemoryFileSystem;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A file system like HDFS, with paths that name no host. */
class RenamingWriterLockTest extends WriterLockContract {
  private final Path folder = new Path("memory:///" + UUID.randomUUID());

  @Override
  Configuration hadoop() {
    return MemoryFileSystem.settings();
  }

  @Override
  Path folder() {
    return folder;
  }
}
