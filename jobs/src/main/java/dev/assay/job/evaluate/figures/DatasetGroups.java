package dev.assay.job.evaluate.figures;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The groups of datasets over which the papers average: benchmarks.tsv. */
public final class DatasetGroups {
  /**
   * A group of datasets.
   *
   * @param name such as {@code classification}
   * @param datasets of the group that were evaluated
   * @param size how many datasets the group has
   */
  record Group(String name, List<String> datasets, int size) {
    /**
     * Such as {@code classification}, or {@code classification (3 of 10)} where some are missing.
     */
    String label() {
      String some = datasets.size() < size ? " (" + datasets.size() + " of " + size + ")" : "";
      return "mean of " + name + some;
    }
  }

  private static final Map<String, List<String>> ALL = read();

  private DatasetGroups() {}

  /**
   * The groups that have at least one of these datasets, and the group {@code all}.
   *
   * @param datasets in order
   */
  static List<Group> of(Set<String> datasets) {
    List<Group> groups = new ArrayList<>();
    ALL.forEach(
        (name, members) -> {
          List<String> there = members.stream().filter(datasets::contains).toList();
          if (!there.isEmpty()) {
            groups.add(new Group(name, there, members.size()));
          }
        });
    groups.addAll(all(datasets));
    return groups;
  }

  /** The group of all datasets, if there is more than one. */
  static List<Group> all(Set<String> datasets) {
    return datasets.size() < 2
        ? List.of()
        : List.of(new Group("all", List.copyOf(datasets), datasets.size()));
  }

  private static Map<String, List<String>> read() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    try (InputStream in = DatasetGroups.class.getResourceAsStream("benchmarks.tsv")) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(
              line -> {
                String[] group = line.split("\t");
                groups.put(group[0], List.of(group[1].split(" ")));
              });
      return groups;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
