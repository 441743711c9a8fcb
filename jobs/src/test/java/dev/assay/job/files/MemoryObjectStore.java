package dev.assay.job.files;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Objects in memory that behave like S3A: no parents needed, an object appears when its stream is
 * closed, a rename copies object by object, nothing but writing changes an object's time. Configure
 * it as {@code s3a://BUCKET/}.
 */
public class MemoryObjectStore extends MemoryFileSystem {
  private static final String CONDITIONS = "test.conditions";

  /**
   * Settings for {@code s3a://bucket}.
   *
   * @param conditions whether it can write on a condition and abort, as S3 can
   */
  public static Configuration settings(boolean conditions) {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.s3a.impl", MemoryObjectStore.class, FileSystem.class);
    hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
    hadoop.setBoolean(CONDITIONS, conditions);
    return hadoop;
  }

  @Override
  public String getScheme() {
    return "s3a";
  }

  private boolean hasConditions() {
    return getConf().getBoolean(CONDITIONS, false);
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) throws IOException {
    return switch (capability) {
      case CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE,
          CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG,
          CommonPathCapabilities.ABORTABLE_STREAM ->
          hasConditions();
      default -> super.hasPathCapability(path, capability);
    };
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (!overwrite && entry(path) != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    return new FSDataOutputStream(new Upload(path, false, null), null);
  }

  @Override
  public FSDataOutputStream createNonRecursive(
      Path path,
      FsPermission permission,
      EnumSet<CreateFlag> flags,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FSDataOutputStreamBuilder<?, ?> createFile(Path path) {
    return new Builder(path);
  }

  /** A folder is there as long as something lies in it. */
  @Override
  Entry entry(Path path) {
    synchronized (LOCK) {
      Entry entry = super.entry(path);
      return entry == null && !below(path).isEmpty() ? new Entry(null, 0, "") : entry;
    }
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (entry(from) == null) {
      return false;
    }
    if (entry(to) != null) {
      throw new FileAlreadyExistsException(to.toString());
    }
    for (String child : List.copyOf(below(from).keySet())) {
      Entry entry = below(from).get(child);
      put(makeQualified(new Path(key(to) + child.substring(key(from).length()))), entry.content());
    }
    if (!entry(from).isFolder()) {
      put(to, entry(from).content());
    }
    delete(from, true);
    return true;
  }

  @Override
  FileStatus status(int length, Entry entry, Path path) {
    return new Tagged(length, entry, path);
  }

  private static final class Tagged extends FileStatus implements EtagSource {
    private static final long serialVersionUID = 1L;
    private final String tag;

    Tagged(int length, Entry entry, Path path) {
      super(length, entry.isFolder(), 1, 1, entry.time(), path);
      tag = entry.tag();
    }

    @Override
    public String getEtag() {
      return tag;
    }
  }

  private final class Builder extends FSDataOutputStreamBuilder<FSDataOutputStream, Builder> {
    private final Path path;

    Builder(Path path) {
      super(MemoryObjectStore.this, path);
      this.path = path;
    }

    @Override
    public Builder getThisBuilder() {
      return this;
    }

    @Override
    public FSDataOutputStream build() {
      boolean absent =
          getOptions()
              .getBoolean(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, false);
      String tag =
          getOptions().get(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG);
      return new FSDataOutputStream(new Upload(path, absent, tag), null);
    }
  }

  /** Conditions are held against the store when the object is complete. */
  private final class Upload extends ByteArrayOutputStream
      implements Abortable, StreamCapabilities {
    private final Path path;
    private final boolean absent;
    private final String tag;
    private boolean ended;

    Upload(Path path, boolean absent, String tag) {
      this.path = path;
      this.absent = absent;
      this.tag = tag;
    }

    @Override
    public boolean hasCapability(String capability) {
      return hasConditions() && capability.equals(StreamCapabilities.ABORTABLE_STREAM);
    }

    @Override
    public AbortableResult abort() {
      ended = true;
      return null;
    }

    @Override
    public void close() throws IOException {
      if (ended) {
        return;
      }
      ended = true;
      synchronized (LOCK) {
        Entry there = entry(path);
        boolean holds =
            tag == null ? !absent || there == null : there != null && tag.equals(there.tag());
        if (!holds) {
          throw new PathIOException(path.toString(), "412 Precondition Failed");
        }
        put(path, toByteArray());
      }
    }
  }

  /** S3A has no folder where there is no object; a marker stands for an empty one. */
  @Override
  void requireFolder(Path folder) throws FileNotFoundException {}
}
