package dev.assay.job.ingest;

import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.input.Encoding;
import dev.assay.job.ingest.mmeb.MmebFiles;
import dev.assay.job.ingest.sugarcrepe.SugarcrepeFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files that ingest reads.
 *
 * @param input the path that was given, fully qualified
 * @param files in the order in which the format names them
 * @param imageRoot fully qualified
 */
record InputFiles(Path input, List<FileStatus> files, Path imageRoot) {
  private static final List<String> JSONL_NAMES =
      List.of("queries.jsonl", "candidates.jsonl", "positives.jsonl");
  private static final List<String> JSONL_SUFFIXES = List.of("", ".gz", ".zst");

  /**
   * Looks for the files.
   *
   * @throws SettingsException for a file or an image root that does not exist
   */
  static InputFiles find(IngestOptions options, Configuration hadoop) {
    try {
      Path given = new Path(options.input());
      FileSystem fileSystem = given.getFileSystem(hadoop);
      Path input = fileSystem.makeQualified(given);
      List<FileStatus> files = files(options, fileSystem, input);
      Path folder = isFolder(fileSystem, input) ? input : input.getParent();
      return new InputFiles(input, files, imageRoot(options, folder, hadoop));
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new SettingsException("Cannot ingest " + options.input() + ": " + why, e);
    }
  }

  private static List<FileStatus> files(IngestOptions options, FileSystem fileSystem, Path input)
      throws IOException {
    return switch (options.format()) {
      case JSONL -> {
        List<FileStatus> files = new ArrayList<>();
        for (String name : JSONL_NAMES) {
          files.add(jsonl(fileSystem, input, name));
        }
        yield files;
      }
      case UNIME_V2 -> List.of(file(fileSystem, input));
      case MMEB_TRAIN, MMEB_EVAL -> MmebFiles.find(fileSystem, input, options.split());
      case SUGARCREPE -> SugarcrepeFiles.find(fileSystem, input);
    };
  }

  /** A file of JSON lines, plain or compressed. */
  private static FileStatus jsonl(FileSystem fileSystem, Path folder, String name)
      throws IOException {
    List<Path> there = new ArrayList<>();
    for (String suffix : JSONL_SUFFIXES) {
      Path path = new Path(folder, name + suffix);
      if (fileSystem.exists(path)) {
        there.add(path);
      }
    }
    if (there.size() > 1) {
      throw new SettingsException(
          "Cannot ingest: both %s and %s exist; remove one"
              .formatted(there.get(0), there.get(1).getName()));
    }
    return file(fileSystem, there.isEmpty() ? new Path(folder, name) : there.get(0));
  }

  /**
   * Refuses files that cannot be read as text of their format.
   *
   * @throws SettingsException naming the encoding or the compression
   */
  void check(InputFormat format, Configuration hadoop) {
    if (format == InputFormat.JSONL) {
      files.forEach(file -> Encoding.requireUtf8(file.getPath(), hadoop));
    }
  }

  /** Changes when an input file does. */
  SortedMap<String, String> state() {
    SortedMap<String, String> state = new TreeMap<>();
    for (FileStatus file : files) {
      state.put(
          file.getPath().toString(),
          file.getLen() + " bytes of " + Instant.ofEpochMilli(file.getModificationTime()));
    }
    return state;
  }

  /** The length of all files. */
  long bytes() {
    return files.stream().mapToLong(FileStatus::getLen).sum();
  }

  private static FileStatus file(FileSystem fileSystem, Path path) throws IOException {
    try {
      FileStatus status = fileSystem.getFileStatus(path);
      if (!status.isFile()) {
        throw new SettingsException("Cannot ingest " + path + ": not a file");
      }
      return status;
    } catch (FileNotFoundException e) {
      throw new SettingsException("Cannot ingest: no file " + path, e);
    }
  }

  private static Path imageRoot(IngestOptions options, Path folder, Configuration hadoop)
      throws IOException {
    if (!options.imageRoot().isBlank()) {
      Path root = new Path(options.imageRoot());
      FileSystem fileSystem = root.getFileSystem(hadoop);
      if (!isFolder(fileSystem, root)) {
        throw new SettingsException("Cannot ingest: no image root " + root);
      }
      return fileSystem.makeQualified(root);
    }
    Path images = new Path(folder, "images");
    // MMEB-train's paths begin with images/ themselves.
    boolean beside =
        options.format() != InputFormat.MMEB_TRAIN
            && isFolder(folder.getFileSystem(hadoop), images);
    return beside ? images : folder;
  }

  private static boolean isFolder(FileSystem fileSystem, Path path) throws IOException {
    try {
      return fileSystem.getFileStatus(path).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }
}
