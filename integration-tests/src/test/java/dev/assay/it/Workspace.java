package dev.assay.it;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A workspace seen from outside: filled by runs, read from its files. */
record Workspace(Path folder, List<String> settings) {
  /** Runs a job with this workspace's settings and further arguments. */
  Assay.Run run(String job, String... more) {
    return start(job, more).end();
  }

  /** Starts a job likewise. */
  Running start(String job, String... more) {
    return start(Assay.built(), job, more);
  }

  /** The same, run in another way. */
  Running start(Assay assay, String job, String... more) {
    List<String> arguments = new ArrayList<>(List.of(job, "--workspace", folder.toString()));
    for (String setting : settings) {
      arguments.add("--set");
      arguments.add(setting);
    }
    arguments.addAll(List.of(more));
    return assay.start(arguments.toArray(String[]::new));
  }

  /** The rows of a table, read from its files. */
  List<JsonObject> rows(String table) {
    return StoredTable.of(this, table).objects();
  }

  /** The rows of a table, as {@code export} writes them. */
  List<JsonObject> exported(String table) throws IOException {
    Path file = Files.createTempDirectory("assay").resolve(table + ".jsonl");
    Expect.done(run("export", "--table", table, "--format", "jsonl", "--output", file.toString()));
    return Files.readAllLines(file).stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  /** Another one with the same settings and some of the tables. */
  Workspace copy(Path other, List<String> tables) throws IOException {
    for (String table : tables) {
      Path from = folder.resolve(table);
      try (Stream<Path> all = Files.walk(from)) {
        for (Path path : all.toList()) {
          Path to = other.resolve(table).resolve(from.relativize(path));
          Files.createDirectories(to.getParent());
          if (Files.isRegularFile(path)) {
            Files.copy(path, to);
          }
        }
      }
    }
    return new Workspace(other, settings);
  }
}
