package dev.assay.job.ingest;

import dev.assay.job.SettingsException;
import java.io.FileNotFoundException;
import java.io.IOException;
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
 * The files that ingest was pointed at.
 *
 * @param files in the order in which the format names them
 * @param imageRoot fully qualified
 */
record InputFiles(List<FileStatus> files, Path imageRoot) {
  static final List<String> JSONL_NAMES =
      List.of("queries.jsonl", "candidates.jsonl", "positives.jsonl");

  /**
   * Looks for the files.
   *
   * @throws SettingsException for a file or an image root that is not there
   */
  static InputFiles find(IngestOptions options, Configuration hadoop) {
    try {
      Path input = new Path(options.input());
      FileSystem fileSystem = input.getFileSystem(hadoop);
      input = fileSystem.makeQualified(input);
      List<FileStatus> files = new ArrayList<>();
      if (options.format() == InputFormat.JSONL) {
        for (String name : JSONL_NAMES) {
          files.add(file(fileSystem, new Path(input, name)));
        }
      } else {
        files.add(file(fileSystem, input));
      }
      return new InputFiles(files, imageRoot(options, files.get(0).getPath(), hadoop));
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          "Cannot ingest " + options.input() + ": " + e.getMessage().lines().findFirst().get(), e);
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

  private static Path imageRoot(IngestOptions options, Path firstFile, Configuration hadoop)
      throws IOException {
    if (!options.imageRoot().isBlank()) {
      Path root = new Path(options.imageRoot());
      FileSystem fileSystem = root.getFileSystem(hadoop);
      if (!isFolder(fileSystem, root)) {
        throw new SettingsException("Cannot ingest: no image root " + root);
      }
      return fileSystem.makeQualified(root);
    }
    Path images = new Path(firstFile.getParent(), "images");
    boolean beside = isFolder(firstFile.getFileSystem(hadoop), images);
    return beside ? images : firstFile.getParent();
  }

  private static boolean isFolder(FileSystem fileSystem, Path path) throws IOException {
    try {
      return fileSystem.getFileStatus(path).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }
}
