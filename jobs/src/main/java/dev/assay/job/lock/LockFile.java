package dev.assay.job.lock;

import dev.assay.job.files.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files by which one writer holds a workspace.
 *
 * <pre>
 * WORKSPACE/_writer.json          who holds it; never written again
 * WORKSPACE/.writer-ID/           the writer's folder of drafts
 * WORKSPACE/.writer-ID/alive      its last sign of life
 * </pre>
 *
 * A sign is given in a file of the writer's own, so that a sign that comes too late cannot change
 * what a successor wrote.
 */
final class LockFile {
  private static final Logger LOG = LoggerFactory.getLogger(LockFile.class);
  static final String NAME = "_writer.json";
  private static final String SIGN = "alive";

  private final Path file;
  private final Storage storage;
  private final FileSystem fileSystem;
  private final Writer writer;
  private final Path drafts;
  private final Clock clock;

  LockFile(Path workspace, Storage storage, Configuration hadoop, Writer writer, Clock clock)
      throws IOException {
    FileSystem found = workspace.getFileSystem(hadoop);
    this.fileSystem = found instanceof LocalFileSystem local ? local.getRaw() : found;
    this.file = new Path(workspace, NAME);
    this.storage = storage;
    this.writer = writer;
    this.drafts = drafts(workspace, writer);
    this.clock = clock;
  }

  static Path drafts(Path workspace, Writer writer) {
    return new Path(workspace, Hold.PREFIX + writer.id());
  }

  /** Writes this writer's name where nobody's is, or only a dead writer's. */
  boolean take() throws IOException {
    return take(file);
  }

  private boolean take(Path lock) throws IOException {
    return create(lock) || (removeDead(lock) && create(lock));
  }

  private boolean create(Path lock) throws IOException {
    return storage.create(lock, writer.toJson());
  }

  /**
   * Whether the lock is free: it is gone, or was that of a dead writer.
   *
   * <p>Of two who find the same writer dead, the slower must not remove the lock that is the
   * faster's by then. So one removes a dead writer's lock only while it holds another, named after
   * the dead writer, and looks again once it does. It may die of that too: what it leaves behind is
   * taken in the same way.
   */
  private boolean removeDead(Path lock) throws IOException {
    Optional<Writer> other = holder(lock);
    if (other.isEmpty()) {
      return true;
    }
    if (isAlive(other.get(), lock)) {
      return false;
    }
    String named = "." + NAME + "." + UUID.nameUUIDFromBytes(other.get().toJson());
    Path removal = new Path(lock.getParent(), named);
    if (!take(removal)) {
      return false;
    }
    try {
      if (other.equals(holder(lock))) {
        fileSystem.delete(lock, false);
        LOG.debug("Took {} over from {}", lock, other.get());
      }
      return true;
    } finally {
      fileSystem.delete(removal, false);
    }
  }

  private boolean isAlive(Writer other, Path lock) throws IOException {
    Path sign = new Path(drafts(file.getParent(), other), SIGN);
    Instant last = time(lock).isAfter(time(sign)) ? time(lock) : time(sign);
    return other.isAlive(Duration.between(last, clock.instant()));
  }

  /** When a file was last changed; long ago where it is gone. */
  private Instant time(Path path) throws IOException {
    try {
      return Instant.ofEpochMilli(fileSystem.getFileStatus(path).getModificationTime());
    } catch (FileNotFoundException e) {
      return Instant.EPOCH;
    }
  }

  /** Who holds the workspace. */
  Optional<Writer> holder() throws IOException {
    return holder(file);
  }

  private Optional<Writer> holder(Path lock) throws IOException {
    try (InputStream in = fileSystem.open(lock)) {
      return Optional.of(Writer.parse(in.readAllBytes()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Whether it is this writer who holds the workspace. */
  boolean isHeld() throws IOException {
    return holder().filter(holder -> holder.id().equals(writer.id())).isPresent();
  }

  /** Makes the writer's folder of drafts, with its first sign of life. */
  void begin() throws IOException {
    fileSystem.mkdirs(drafts);
    storage.create(new Path(drafts, SIGN), writer.toJson());
  }

  /** Shows that this writer is alive. Never makes a folder of drafts that was removed anew. */
  void giveSign() throws IOException {
    storage.touch(new Path(drafts, SIGN), writer.toJson());
  }

  /** The folders of drafts of all other writers. */
  List<FileStatus> otherDrafts() throws IOException {
    List<FileStatus> others = new ArrayList<>();
    for (FileStatus child : fileSystem.listStatus(file.getParent())) {
      String name = child.getPath().getName();
      if (name.startsWith(Hold.PREFIX) && !name.equals(drafts.getName())) {
        others.add(child);
      }
    }
    return others;
  }

  /** Gives the workspace back, unless it is another's by now. */
  void release() throws IOException {
    try {
      if (isHeld()) {
        storage.discard(file, drafts);
      }
    } finally {
      fileSystem.delete(drafts, true);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
