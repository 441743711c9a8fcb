package dev.assay.checkpoint;

import dev.assay.item.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of large remote files on a disk of this machine, which all its processes share.
 *
 * <p>A copy is named after the remote file and its version, so a changed file is another copy. One
 * process makes it while others wait for its lock, which ends with the process. It is written under
 * another name, and moved when it is whole. Its note has its length and SHA-256; a process checks
 * both before it uses a copy for the first time, unless the note says that this very file was
 * checked. A damaged copy is made again.
 *
 * @param folder of the copies
 * @param most bytes of all copies; those that were not used for longest go first
 */
record LocalCopies(Path folder, long most) {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCopies.class);

  /** A smaller file is read sooner than copied. */
  private static final long SMALLEST = 64L << 20;

  private static final int CHUNK_BYTES = 128 << 20;
  private static final String COPY = ".copy";

  /** Disk that is left to others: a tenth of it. */
  private static final int LEFT_SHARE = 10;

  /** One lock for each copy within this process; the locks of files are between processes. */
  private static final Map<Path, Object> LOCKS = new ConcurrentHashMap<>();

  /**
   * The copy of a file, made if there is none.
   *
   * @param hadoop has the settings
   * @return empty if the file is read where it is: it is small or on a disk of this machine, its
   *     file system names no version, or there is no room or no folder for a copy
   */
  static Optional<Path> find(
      FileSystem remote, org.apache.hadoop.fs.Path file, Configuration hadoop) {
    long most = hadoop.getLong(CheckpointFolder.CACHE_GIGABYTES, 0) * 1_000_000_000L;
    if (most == 0 || remote instanceof RawLocalFileSystem) {
      return Optional.empty();
    }
    String named = hadoop.get(CheckpointFolder.CACHE_FOLDER, "");
    Path folder = named.isEmpty() ? UserCache.folder("models") : Path.of(named);
    try {
      FileStatus status = remote.getFileStatus(file);
      Optional<String> version = FileVersion.of(remote, status, Clock.systemUTC());
      return version.isEmpty() || status.getLen() < SMALLEST
          ? Optional.empty()
          : new LocalCopies(folder, most).of(remote, status, version.get());
    } catch (IOException e) {
      LOG.warn(
          "{} is read where it is, a copy cannot be made in {}: {}", file, folder, e.toString());
      return Optional.empty();
    }
  }

  /**
   * The same for one version of a file.
   *
   * @param version see {@link FileVersion}
   * @return empty if there is no room for it
   * @throws IOException if the remote file cannot be read, or the folder cannot be written
   */
  Optional<Path> of(FileSystem remote, FileStatus file, String version) throws IOException {
    if (file.getLen() > most) {
      return Optional.empty();
    }
    String name = Sha256.hex(remote.makeQualified(file.getPath()) + "\n" + version);
    Files.createDirectories(folder);
    Path copy = folder.resolve(name + COPY);
    synchronized (LOCKS.computeIfAbsent(copy, path -> new Object())) {
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (isWhole(copy, file.getLen())) {
          return Optional.of(copy);
        }
        return makeRoom(file.getLen()) ? Optional.of(make(remote, file, copy)) : Optional.empty();
      }
    }
  }

  private static boolean isWhole(Path copy, long length) throws IOException {
    Path note = note(copy);
    if (!Files.exists(copy) || !Files.exists(note) || Files.size(copy) != length) {
      return false;
    }
    List<String> lines = Files.readAllLines(note);
    String version = FileVersion.ofLocal(copy, Clock.systemUTC()).orElse("");
    if (!version.isEmpty() && lines.size() > 1 && lines.get(1).equals(version)) {
      Files.setLastModifiedTime(note, FileTime.from(Instant.now())); // it is used
      return true;
    }
    if (lines.isEmpty() || !hash(copy).equals(lines.get(0))) {
      return false;
    }
    write(note, lines.get(0) + "\n" + version + "\n");
    return true;
  }

  private static Path make(FileSystem remote, FileStatus file, Path copy) throws IOException {
    Path draft = copy.resolveSibling(copy.getFileName() + ".draft");
    Sha256 hash = new Sha256();
    ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, file.getLen()));
    try (FileChannel out =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (long at = 0; at < file.getLen(); at += chunk.limit()) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), file.getLen() - at));
        FileRange.read(remote, file.getPath(), at, chunk);
        hash.add(chunk.flip().duplicate());
        while (chunk.hasRemaining()) {
          out.write(chunk);
        }
      }
      out.force(false);
    }
    write(note(copy), hash.hex() + "\n");
    Files.move(draft, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return copy;
  }

  /** Removes the copies that were not used for longest, until there is room. */
  private boolean makeRoom(long bytes) throws IOException {
    List<Path> copies = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(file -> file.toString().endsWith(COPY)).forEach(copies::add);
    }
    copies.sort(Comparator.comparing(LocalCopies::used));
    long total = bytes;
    for (Path copy : copies) {
      total += Files.size(copy);
    }
    for (Path copy : copies) {
      if (total <= most) {
        break;
      }
      total -= Files.size(copy);
      Files.delete(copy);
      Files.deleteIfExists(note(copy));
    }
    var disk = Files.getFileStore(folder);
    return disk.getUsableSpace() - bytes > disk.getTotalSpace() / LEFT_SHARE;
  }

  private static FileTime used(Path copy) {
    try {
      return Files.getLastModifiedTime(note(copy));
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private static String hash(Path file) throws IOException {
    Sha256 hash = new Sha256();
    ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 20);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      while (in.read(chunk.clear()) >= 0) {
        hash.add(chunk.flip());
      }
    }
    return hash.hex();
  }

  private static Path note(Path copy) {
    return copy.resolveSibling(copy.getFileName() + ".note");
  }

  private static void write(Path note, String text) throws IOException {
    Path draft = note.resolveSibling(note.getFileName() + ".draft");
    Files.writeString(draft, text);
    Files.move(draft, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
