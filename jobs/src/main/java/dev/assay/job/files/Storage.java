package dev.assay.job.files;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.fs.Path;

/**
 * What a file system can do in one step. Readers see the state before or after such a step, never
 * one between.
 *
 * <p>Local disks and HDFS rename in one step, and a rename fails where its source is gone. So a
 * folder of drafts is a key: whoever removes the folder takes from its owner, at once and for good,
 * the means to publish or {@link #move} anything. Object stores rename by copying. There an object
 * is replaced directly, and only if it did not change in between where the store can promise that.
 */
public interface Storage {
  /** Writes a file's content. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A hidden name that no other file has. */
  static String hiddenName(Path file) {
    return "." + file.getName() + "." + UUID.randomUUID();
  }

  /**
   * Writes a small file whole, unless there is one of its name.
   *
   * @param content unlike that of every other who may try
   * @return whether it was written
   */
  boolean create(Path file, byte[] content) throws IOException;

  /**
   * Begins to replace a file, or to write it where there is none.
   *
   * @param drafts a folder that is there, on the same file system
   */
  Draft draft(Path file, Path drafts, Content content) throws IOException;

  /**
   * Moves a file or a folder to a name that is free, in a folder that is there. Where source or
   * folder is gone it fails and changes nothing.
   */
  void move(Path from, Path to) throws IOException;

  /**
   * Removes a file, or a folder with all that is in it, while the folder of drafts is there. On
   * object stores it is removed in any case.
   */
  void discard(Path path, Path drafts) throws IOException;

  /**
   * Removes a folder of drafts. From one moment on, nothing that it held can be published or moved;
   * object stores may still do what they have begun.
   */
  void revoke(Path drafts) throws IOException;

  /** Makes a small file's modification time now. */
  void touch(Path file, byte[] content) throws IOException;
}
