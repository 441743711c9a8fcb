package dev.assay.job.files;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A storage that moves a folder in one step: what is to go is moved aside first. */
interface OneStepStorage extends Storage {
  FileSystem fileSystem();

  @Override
  default void discard(Path path, Path drafts) throws IOException {
    Path aside = new Path(drafts, Storage.hiddenName(path));
    move(path, aside);
    fileSystem().delete(aside, true);
  }

  @Override
  default void revoke(Path drafts) throws IOException {
    Path aside = new Path(drafts.getParent(), drafts.getName() + "." + UUID.randomUUID());
    move(drafts, aside);
    fileSystem().delete(aside, true);
  }
}
