package dev.assay.job.files;

import java.io.IOException;

/** The next content of a file, not yet visible under the file's name. */
public interface Draft extends AutoCloseable {
  /**
   * Makes the content visible, whole, in place of what was there.
   *
   * @throws IOException if that fails; then the file is as it was. It fails where the folder of
   *     drafts is gone (on file systems that rename), or where the file changed since the draft was
   *     begun (on object stores that write on a condition)
   */
  void publish() throws IOException;

  /** Removes what is left of the draft. */
  @Override
  void close() throws IOException;
}
