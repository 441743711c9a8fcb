package dev.assay.job.files;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Files in memory that behave like HDFS: a rename is one step, and needs the folder that it goes
 * to. Configure it as {@code memory://HOST/}.
 */
public class MemoryFileSystem extends FileSystem {
  static final Object LOCK = new Object();
  private static final NavigableMap<String, Entry> FILES = new TreeMap<>();
  private static final AtomicLong TAGS = new AtomicLong();

  record Entry(byte[] content, long time, String tag) {
    boolean isFolder() {
      return content == null;
    }
  }

  private URI uri;

  /** Settings under which {@code memory://host} is the default file system. */
  public static Configuration settings() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.defaultFS", "memory://host");
    hadoop.setClass("fs.memory.impl", MemoryFileSystem.class, FileSystem.class);
    hadoop.set("fs.AbstractFileSystem.memory.impl", MemoryContext.class.getName());
    return hadoop;
  }

  @Override
  public void initialize(URI name, Configuration hadoop) throws IOException {
    super.initialize(name, hadoop);
    setConf(hadoop);
    uri = URI.create(name.getScheme() + "://" + name.getAuthority());
  }

  @Override
  public String getScheme() {
    return "memory";
  }

  @Override
  protected int getDefaultPort() {
    return 8020;
  }

  @Override
  public URI getUri() {
    return uri;
  }

  String key(Path path) {
    checkPath(path);
    return path.toUri().getPath();
  }

  Entry entry(Path path) {
    return path.isRoot() ? new Entry(null, 0, "") : FILES.get(key(path));
  }

  void put(Path path, byte[] content) {
    FILES.put(
        key(path), new Entry(content, System.currentTimeMillis(), "" + TAGS.incrementAndGet()));
  }

  /** What lies below a folder. */
  NavigableMap<String, Entry> below(Path folder) {
    String prefix = key(folder) + "/";
    return FILES.subMap(prefix, true, prefix + Character.MAX_VALUE, true);
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    synchronized (LOCK) {
      Entry entry = entry(path);
      if (entry == null || entry.isFolder()) {
        throw new FileNotFoundException(path.toString());
      }
      return new FSDataInputStream(new Bytes(entry.content()));
    }
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
    mkdirs(path.getParent());
    return createThere(path, overwrite);
  }

  @Override
  public FSDataOutputStream createNonRecursive(
      Path path,
      FsPermission permission,
      EnumSet<CreateFlag> flags,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return createThere(path, flags.contains(CreateFlag.OVERWRITE));
  }

  /** On HDFS a file is there, empty, as soon as it is opened. */
  private FSDataOutputStream createThere(Path path, boolean overwrite) throws IOException {
    synchronized (LOCK) {
      requireFolder(path.getParent());
      if (!overwrite && entry(path) != null) {
        throw new FileAlreadyExistsException(path.toString());
      }
      put(path, new byte[0]);
    }
    return new FSDataOutputStream(
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            synchronized (LOCK) {
              if (entry(path) != null) {
                put(path, toByteArray());
              }
            }
          }
        },
        null);
  }

  void requireFolder(Path folder) throws IOException {
    Entry parent = entry(folder);
    if (parent == null) {
      throw new FileNotFoundException("no folder " + folder);
    }
    if (!parent.isFolder()) {
      throw new ParentNotDirectoryException(folder.toString());
    }
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    rename(from, to, false);
    return true;
  }

  void rename(Path from, Path to, boolean overwrite) throws IOException {
    synchronized (LOCK) {
      Entry source = entry(from);
      if (source == null) {
        throw new FileNotFoundException(from.toString());
      }
      requireFolder(to.getParent());
      if (entry(to) != null && !overwrite) {
        throw new FileAlreadyExistsException(to.toString());
      }
      for (String child : List.copyOf(below(from).keySet())) {
        FILES.put(key(to) + child.substring(key(from).length()), FILES.remove(child));
      }
      FILES.put(key(to), FILES.remove(key(from)));
    }
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    synchronized (LOCK) {
      if (!recursive && !below(path).isEmpty()) {
        throw new IOException(path + " is not empty");
      }
      below(path).clear();
      return FILES.remove(key(path)) != null;
    }
  }

  @Override
  public FileStatus[] listStatus(Path folder) throws IOException {
    synchronized (LOCK) {
      getFileStatus(folder);
      List<FileStatus> children = new ArrayList<>();
      for (String child : below(folder).keySet()) {
        if (child.indexOf('/', key(folder).length() + 1) < 0) {
          children.add(getFileStatus(makeQualified(new Path(child))));
        }
      }
      return children.toArray(FileStatus[]::new);
    }
  }

  @Override
  public boolean mkdirs(Path folder, FsPermission permission) throws IOException {
    synchronized (LOCK) {
      if (entry(folder) == null) {
        mkdirs(folder.getParent(), permission);
        requireFolder(folder.getParent());
        put(folder, null);
      }
      return true;
    }
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    synchronized (LOCK) {
      Entry entry = entry(path);
      if (entry == null) {
        throw new FileNotFoundException(path.toString());
      }
      int length = entry.isFolder() ? 0 : entry.content().length;
      return status(length, entry, makeQualified(path));
    }
  }

  FileStatus status(int length, Entry entry, Path path) {
    return new FileStatus(length, entry.isFolder(), 1, 1, entry.time(), path);
  }

  @Override
  public void setTimes(Path path, long modified, long accessed) throws IOException {
    synchronized (LOCK) {
      getFileStatus(path);
      FILES.computeIfPresent(key(path), (k, e) -> new Entry(e.content(), modified, e.tag()));
    }
  }

  @Override
  public void setWorkingDirectory(Path folder) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path("/");
  }

  private static final class Bytes extends ByteArrayInputStream
      implements Seekable, PositionedReadable {
    Bytes(byte[] content) {
      super(content);
    }

    @Override
    public void seek(long position) {
      pos = (int) position;
    }

    @Override
    public long getPos() {
      return pos;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
      int read = Math.min(length, count - (int) position);
      System.arraycopy(buf, (int) position, into, offset, read);
      return read;
    }

    @Override
    public void readFully(long position, byte[] into, int offset, int length) {
      read(position, into, offset, length);
    }

    @Override
    public void readFully(long position, byte[] into) {
      read(position, into, 0, into.length);
    }
  }
}
