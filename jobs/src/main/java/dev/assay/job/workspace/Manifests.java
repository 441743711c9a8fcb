package dev.assay.job.workspace;

import dev.assay.job.failure.SettingsException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The manifests of a workspace: which tables there are. Needs no Spark session, so that a missing
 * table is told at once.
 */
public final class Manifests {
  private static final String FILE = "_manifest.json";

  private final Path workspace;
  private final FileSystem fileSystem;
  private final Configuration hadoop;

  private Manifests(Path workspace, FileSystem fileSystem, Configuration hadoop) {
    this.workspace = workspace;
    this.fileSystem = fileSystem;
    this.hadoop = hadoop;
  }

  /**
   * The manifests in a workspace's folder, which need not be there yet.
   *
   * @throws SettingsException if the file system is not known
   */
  public static Manifests in(String workspace, Configuration hadoop) {
    try {
      Path folder = new Path(workspace);
      return new Manifests(folder, folder.getFileSystem(hadoop), hadoop);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          "Cannot open the workspace " + workspace + ": " + e.getMessage(), e);
    }
  }

  /** The manifest of a table, or empty where it was never written. */
  public Optional<Manifest> find(String table) {
    try (FSDataInputStream in = fileSystem.open(file(table))) {
      return Optional.of(Manifest.parse(in.readAllBytes()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file(table) + ": " + e.getMessage(), e);
    }
  }

  /**
   * The manifest of a table.
   *
   * @throws SettingsException naming the job to run, where the table was never written
   */
  public Manifest get(String table) {
    return find(table).orElseThrow(() -> missing(table));
  }

  SettingsException missing(String table) {
    String way = Tables.job(table).map(job -> "; run `assay " + job + "` first").orElse("");
    return new SettingsException("Cannot read table " + table + ": not in " + workspace + way);
  }

  void replace(String table, Manifest manifest) {
    try {
      AtomicFile.replace(file(table), manifest.toJson(), hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot commit table " + table + ": " + e.getMessage(), e);
    }
  }

  Path file(String table) {
    return new Path(new Path(workspace, table), FILE);
  }
}
