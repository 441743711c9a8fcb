package dev.assay.job.ingest;

import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.mmeb.MmebFiles;
import dev.assay.job.ingest.sugarcrepe.SugarcrepeFiles;
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
 * @param input what was named, fully qualified
 * @param files in the order in which the format names them
 * @param imageRoot fully qualified
 */
record InputFiles(Path input, List<FileStatus> files, Path imageRoot) {
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
      switch (options.format()) {
        case JSONL -> {
          for (String name : JSONL_NAMES) {
            files.add(file(fileSystem, new Path(input, name)));
          }
        }
        case UNIME_V2 -> files.add(file(fileSystem, input));
        case MMEB_TRAIN, MMEB_EVAL ->
            files.addAll(MmebFiles.find(fileSystem, input, options.split()));
        case SUGARCREPE -> files.addAll(SugarcrepeFiles.find(fileSystem, input));
      }
      Path folder = isFolder(fileSystem, input) ? input : input.getParent();
      return new InputFiles(input, files, imageRoot(options, folder, hadoop));
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
