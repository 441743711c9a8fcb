package dev.assay.job.ingest.mmeb;

import dev.assay.job.failure.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The Parquet files of MMEB, named as on Hugging Face: {@code
 * DATASET/SPLIT-00000-of-00001.parquet}. A file beside the folders with another kind of name is a
 * dataset of its own.
 */
public final class MmebFiles {
  private static final Pattern SHARD = Pattern.compile("(.+)-\\d{5}-of-\\d{5}\\.parquet");

  private MmebFiles() {}

  /**
   * The files to read, dataset by dataset.
   *
   * @param input a folder of datasets, the folder of one, or a file
   * @param split which of several splits; empty if each dataset has one
   * @throws SettingsException if there are no files, or a dataset has several splits and none was
   *     chosen
   */
  public static List<FileStatus> find(FileSystem fileSystem, Path input, String split)
      throws IOException {
    SortedMap<String, List<FileStatus>> datasets = new TreeMap<>();
    for (FileStatus status : fileSystem.listStatus(input)) {
      if (isHidden(status)) {
        continue;
      }
      if (status.isDirectory()) {
        for (FileStatus inner : fileSystem.listStatus(status.getPath())) {
          add(datasets, input, inner);
        }
      } else {
        add(datasets, input, status);
      }
    }
    if (datasets.isEmpty()) {
      throw new SettingsException("Cannot ingest " + input + ": no Parquet files");
    }
    List<FileStatus> files = new ArrayList<>();
    datasets.forEach((name, all) -> files.addAll(ofSplit(name, all, split, input)));
    return files;
  }

  /** {@code _SUCCESS}, {@code .cache}, and the {@code ._} files that macOS leaves in archives. */
  private static boolean isHidden(FileStatus status) {
    String name = status.getPath().getName();
    return name.startsWith(".") || name.startsWith("_");
  }

  private static void add(
      SortedMap<String, List<FileStatus>> datasets, Path input, FileStatus status) {
    if (status.isFile() && !isHidden(status) && status.getPath().getName().endsWith(".parquet")) {
      String dataset = dataset(status.getPath(), input);
      datasets.computeIfAbsent(dataset, name -> new ArrayList<>()).add(status);
    }
  }

  /** The dataset that a file belongs to. */
  static String dataset(Path file, Path input) {
    String name = file.getName();
    boolean own = file.getParent().equals(input) || file.equals(input);
    return own && !SHARD.matcher(name).matches()
        ? name.substring(0, name.length() - ".parquet".length())
        : file.getParent().getName();
  }

  private static List<FileStatus> ofSplit(
      String dataset, List<FileStatus> files, String split, Path input) {
    SortedSet<String> splits = new TreeSet<>();
    files.forEach(file -> splits.add(split(file)));
    if (split.isEmpty() ? splits.size() > 1 : !splits.contains(split)) {
      throw new SettingsException(
          "Cannot ingest %s: dataset %s has %s; say which with assay.ingest.split%s"
              .formatted(
                  input,
                  dataset,
                  splits.size() > 1 ? "splits " + String.join(", ", splits) : splits.first(),
                  split.isEmpty() ? "" : ", which is " + split));
    }
    return files.stream()
        .filter(file -> split.isEmpty() || split(file).equals(split))
        .sorted(Comparator.comparing(FileStatus::getPath))
        .toList();
  }

  private static String split(FileStatus file) {
    Matcher shard = SHARD.matcher(file.getPath().getName());
    return shard.matches() ? shard.group(1) : file.getPath().getName();
  }
}
