package dev.assay.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What lies under a folder, to see whether a run that was refused has touched anything. */
final class Snapshot {
  private Snapshot() {}

  /** The files under a folder and when each was written; empty where there is no folder. */
  static SortedMap<String, FileTime> of(Path folder) throws IOException {
    SortedMap<String, FileTime> files = new TreeMap<>();
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          files.put(folder.relativize(file).toString(), Files.getLastModifiedTime(file));
        }
      }
    }
    return files;
  }
}
