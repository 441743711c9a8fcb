package dev.assay.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A Hugging Face checkpoint folder on any Hadoop file system. Reads are by file name inside it.
 *
 * <p>If the folder has a PEFT adapter, its base is opened, and {@link #adapter} is the adapter's
 * folder. {@code dev.assay.checkpoint.weights} then gives the weights as the adapter changes them.
 */
public final class CheckpointFolder {
  /** Configuration, template and tokenizer files are smaller. */
  private static final long MAX_TEXT_BYTES = 256L << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Setting in Hadoop's configuration: whether {@link #version} gives none, so that every byte is
   * read again.
   */
  public static final String REHASH = "assay.models.rehash";

  /**
   * Setting in Hadoop's configuration: the folder for copies of large remote files; empty for one
   * in the user's cache folder.
   */
  public static final String CACHE_FOLDER = "assay.models.cache-folder";

  /** Setting in Hadoop's configuration: how many GB all copies may have; 0 for no copies. */
  public static final String CACHE_GIGABYTES = "assay.models.cache-gb";

  private final Configuration hadoop;
  private final FileSystem fileSystem;
  private final Path folder;
  private final List<String> names;
  private final CheckpointFolder adapter;
  private final Map<String, Optional<java.nio.file.Path>> copies = new ConcurrentHashMap<>();

  private CheckpointFolder(
      Configuration hadoop,
      FileSystem fileSystem,
      Path folder,
      List<String> names,
      CheckpointFolder adapter) {
    this.hadoop = hadoop;
    this.fileSystem = fileSystem;
    this.folder = folder;
    this.names = names;
    this.adapter = adapter;
  }

  /**
   * Opens a folder: a whole checkpoint, or an adapter's.
   *
   * @param location a path, or a URI of any file system that Hadoop knows
   * @throws CheckpointException if it is not a readable folder, or an adapter that cannot be used
   */
  public static CheckpointFolder open(String location, Configuration hadoop) {
    CheckpointFolder folder = openAlone(location, hadoop);
    if (!folder.has(AdapterBase.PEFT_FILE)) {
      return folder;
    }
    return AdapterBase.of(folder).open(folder, hadoop).with(folder);
  }

  /** Opens a folder as it is. Of an adapter that is the adapter's own files, without the base. */
  public static CheckpointFolder openAlone(String location, Configuration hadoop) {
    try {
      Path folder = new Path(location);
      FileSystem fileSystem = folder.getFileSystem(hadoop);
      if (fileSystem instanceof ChecksumFileSystem checked) {
        fileSystem =
            checked
                .getRawFileSystem(); // a model has no checksum files, and looking for them is slow
      }
      List<String> names = new ArrayList<>();
      for (FileStatus file : fileSystem.listStatus(folder)) {
        String name = file.getPath().getName();
        if (file.isFile() && !file.getPath().equals(folder) && !isHidden(name)) {
          names.add(name);
        }
      }
      Collections.sort(names);
      return new CheckpointFolder(hadoop, fileSystem, folder, names, null);
    } catch (FileNotFoundException e) {
      throw new CheckpointException("Cannot load a checkpoint: no folder at " + location, e);
    } catch (IOException | IllegalArgumentException e) {
      throw new CheckpointException(
          "Cannot load a checkpoint from " + location + ": " + e.getMessage(), e);
    }
  }

  /** As everywhere in Hadoop. Files that a workspace keeps about the folder have such names. */
  private static boolean isHidden(String name) {
    return name.startsWith("_") || name.startsWith(".");
  }

  private CheckpointFolder with(CheckpointFolder ofAdapter) {
    return new CheckpointFolder(hadoop, fileSystem, folder, names, ofAdapter);
  }

  /** This folder without its adapter. */
  public CheckpointFolder withoutAdapter() {
    return with(null);
  }

  /** The folder of the adapter on this checkpoint. */
  public Optional<CheckpointFolder> adapter() {
    return Optional.ofNullable(adapter);
  }

  /** The folder itself, fully qualified. With an adapter it is the base's folder. */
  public Path location() {
    return fileSystem.makeQualified(folder);
  }

  /**
   * The names of the files in the folder, sorted. Those that begin with "_" or "." are left out.
   */
  public List<String> names() {
    return Collections.unmodifiableList(names);
  }

  public boolean has(String name) {
    return names.contains(name);
  }

  /** Opens a file of this folder for positional reads. The caller closes it. */
  public FSDataInputStream open(String name) {
    try {
      return fileSystem.open(file(name));
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + file(name) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Fills what remains of a buffer from a file of this folder, or from the copy of a large remote
   * file on a disk of this machine ({@link LocalCopies}).
   *
   * @param position of the first byte in the file
   * @throws CheckpointException if it cannot be read, or ends before
   */
  public void read(String name, long position, ByteBuffer into) {
    try {
      Optional<java.nio.file.Path> copy =
          copies.computeIfAbsent(name, n -> LocalCopies.find(fileSystem, file(n), hadoop));
      if (copy.isPresent() && FileRange.readCopy(copy.get(), position, into)) {
        return;
      }
      FileRange.read(fileSystem, file(name), position, into);
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + file(name) + ": " + e.getMessage(), e);
    }
  }

  /** Length of a file of this folder in bytes. */
  public long length(String name) {
    try {
      return fileSystem.getFileStatus(file(name)).getLen();
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + file(name) + ": " + e.getMessage(), e);
    }
  }

  /**
   * A text that changes whenever a file's content does, found without reading the content.
   *
   * @return nothing if the file system cannot name one, or {@link #REHASH} is set
   */
  public Optional<String> version(String name) {
    if (hadoop.getBoolean(REHASH, false)) {
      return Optional.empty();
    }
    try {
      FileStatus status = fileSystem.getFileStatus(file(name));
      return FileVersion.of(fileSystem, status, Clock.systemUTC());
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + file(name) + ": " + e.getMessage(), e);
    }
  }

  /** Reads a small file whole. */
  public byte[] bytes(String name) {
    long length = length(name);
    if (length > MAX_TEXT_BYTES) {
      throw new CheckpointException(
          "Cannot read " + file(name) + ": " + length + " bytes, more than " + MAX_TEXT_BYTES);
    }
    byte[] bytes = new byte[(int) length];
    try (FSDataInputStream in = open(name)) {
      in.readFully(0, bytes);
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + file(name) + ": " + e.getMessage(), e);
    }
    return bytes;
  }

  public String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  /** Parses a JSON file of this folder. */
  public JsonNode json(String name) {
    return json(name, bytes(name));
  }

  /** Parses JSON that comes from a file of this folder. */
  public JsonNode json(String name, byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      String why = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new CheckpointException("Cannot read " + file(name) + ": not JSON (" + why + ")", e);
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + file(name) + ": " + e.getMessage(), e);
    }
  }

  /** The full path of a file of this folder, for messages. */
  public Path file(String name) {
    if (name.contains("/") || name.contains("\\") || name.equals("..")) {
      throw new CheckpointException(
          "Cannot read " + name + ": a checkpoint's files are directly in its folder " + folder);
    }
    return new Path(folder, name);
  }

  @Override
  public String toString() {
    return adapter == null ? folder.toString() : adapter + " on " + folder;
  }
}
