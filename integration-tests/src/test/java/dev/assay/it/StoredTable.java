package dev.assay.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A table's files, read as the documentation says: the commits that the manifest names. */
record StoredTable(Path folder) {
  private static SparkSession spark;

  static StoredTable of(Workspace workspace, String table) {
    return new StoredTable(workspace.folder().resolve(table));
  }

  /** The commits that the manifest names; none where there is no manifest. */
  List<String> commits() {
    try {
      JsonObject manifest =
          JsonParser.parseString(Files.readString(folder.resolve("_manifest.json"), UTF_8))
              .getAsJsonObject();
      return manifest.getAsJsonArray("commits").asList().stream()
          .map(JsonElement::getAsString)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether rows are being written now that no manifest names yet.
   *
   * @param before folders that were there before, such as those that a killed run left
   */
  boolean isBeingWritten(Set<String> before) {
    List<String> commits = commits();
    return folders().stream().anyMatch(name -> !commits.contains(name) && !before.contains(name));
  }

  /** The folders of rows, named by the manifest or not. */
  Set<String> folders() {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString())
          .collect(Collectors.toSet());
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every row as text, each float exactly, in an order that does not depend on the files. */
  List<String> rows() {
    List<String> rows = new ArrayList<>();
    if (!commits().isEmpty()) {
      String[] paths =
          commits().stream().map(c -> folder.resolve(c).toString()).toArray(String[]::new);
      for (Row row : spark().read().parquet(paths).collectAsList()) {
        rows.add(row.toString());
      }
    }
    rows.sort(null);
    return rows;
  }

  /**
   * Every row as JSON, fields without a value left out. A folder of tables, such as the quarantine
   * of all jobs, gives the rows of all.
   */
  List<JsonObject> objects() {
    List<String> paths = new ArrayList<>();
    for (StoredTable table : tables()) {
      table.commits().forEach(commit -> paths.add(table.folder.resolve(commit).toString()));
    }
    if (paths.isEmpty()) {
      return List.of();
    }
    return spark().read().parquet(paths.toArray(String[]::new)).toJSON().collectAsList().stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  private List<StoredTable> tables() {
    if (Files.exists(folder.resolve("_manifest.json"))) {
      return List.of(this);
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(Files::isDirectory).sorted().map(StoredTable::new).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized SparkSession spark() {
    if (spark == null) {
      spark =
          SparkSession.builder()
              .master("local[1]")
              .config("spark.ui.enabled", false)
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", 1)
              .getOrCreate();
    }
    return spark;
  }
}
