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
 * table is reported at once.
 */
public final class Manifests {
  private static final String FILE = "_manifest.json";

  private final Path workspace;
  private final FileSystem fileSystem;

  private Manifests(Path workspace, FileSystem fileSystem) {
    this.workspace = workspace;
    this.fileSystem = fileSystem;
  }

  /**
   * The manifests in a workspace's folder, which need not be there yet.
   *
   * @throws SettingsException if the file system is not known
   */
  public static Manifests in(String workspace, Configuration hadoop) {
    try {
      Path folder = new Path(workspace);
      FileSystem fileSystem = folder.getFileSystem(hadoop);
      return new Manifests(fileSystem.makeQualified(folder), fileSystem);
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
    String next = Tables.job(table).map(job -> "; run `assay " + job + "` first").orElse("");
    return new SettingsException("Cannot read table " + table + ": not in " + workspace + next);
  }

  Path file(String table) {
    return new Path(new Path(workspace, table), FILE);
  }
}
