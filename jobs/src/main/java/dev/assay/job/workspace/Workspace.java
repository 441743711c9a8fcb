package dev.assay.job.workspace;

import dev.assay.job.failure.SettingsException;
import dev.assay.job.files.WritableFolder;
import dev.assay.job.lock.Hold;
import dev.assay.pack.ImagePacks;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A folder of Parquet tables on any Hadoop file system.
 *
 * <pre>
 * WORKSPACE/TABLE/COMMIT/part-*.parquet
 * WORKSPACE/TABLE/_manifest.json
 * </pre>
 *
 * <p>A table is what its manifest says: rows are first written into a commit folder that nobody
 * sees, then the manifest is replaced atomically. A reader keeps the commit it found: the commit
 * before the current one is left in place, older ones and those of killed writers are removed by
 * the next writer. A table has one writer at a time.
 *
 * <p>A model is an output too: files that lie directly in its folder, beside such a manifest.
 */
public final class Workspace {
  /** The input by which ingest records the image root in its manifests. */
  public static final String IMAGE_ROOT = "image-root";

  /** The setting by which ingest records that images lie in {@link #packs}. */
  public static final String PACK_IMAGES = "pack-images";

  private static final DateTimeFormatter COMMIT_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  /** Where jobs keep {@link Scratch}; hidden, and not a table. */
  private static final String SCRATCH = ".scratch";

  private static final String PACKS = "packs";

  private final SparkSession spark;
  private final Path folder;
  private final FileSystem fileSystem;
  private final Manifests manifests;
  private final TableFiles files;

  private Workspace(SparkSession spark, Path folder, Hold hold) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    this.spark = spark;
    this.fileSystem = folder.getFileSystem(hadoop);
    this.folder = fileSystem.makeQualified(folder);
    this.manifests = Manifests.in(folder.toString(), hadoop);
    this.files = new TableFiles(this.folder, hadoop, hold);
  }

  /**
   * Opens a workspace that nobody else writes to, creating its folder where there is none.
   *
   * @param uri a path, or a URI of any file system that Hadoop knows
   * @throws SettingsException if it cannot be written to
   */
  public static Workspace open(SparkSession spark, String uri) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path folder = WritableFolder.check("workspace", uri, hadoop);
    return open(spark, folder, Hold.alone(folder, hadoop)).cleared();
  }

  /**
   * Opens a workspace for its writer.
   *
   * @param hold verified before each change
   */
  public static Workspace open(SparkSession spark, String uri, Hold hold) {
    return open(spark, new Path(uri), hold).cleared();
  }

  /** Without the scratch of runs that were killed. */
  private Workspace cleared() {
    files.clear(SCRATCH);
    return this;
  }

  /** Opens a workspace that is there, to read from it only. */
  public static Workspace openToRead(SparkSession spark, String uri) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    return open(spark, new Path(uri), Hold.alone(new Path(uri), hadoop));
  }

  private static Workspace open(SparkSession spark, Path folder, Hold hold) {
    try {
      return new Workspace(spark, folder, hold);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The workspace's folder, fully qualified. */
  public String location() {
    return folder.toString();
  }

  /** Whether a table was written. {@code quarantine} counts as soon as one job has. */
  public boolean has(String table) {
    return table.equals(Tables.QUARANTINE) ? !stages().isEmpty() : find(table).isPresent();
  }

  /** The manifest of a table, or empty where it was never written. */
  public Optional<Manifest> find(String table) {
    return manifests.find(table);
  }

  /**
   * The manifest of a table.
   *
   * @throws SettingsException naming the job to run, where the table was never written
   */
  public Manifest manifest(String table) {
    return manifests.get(table);
  }

  /** The bytes of a table's files. A model has none of its own. */
  public long bytes(String table) {
    try {
      long bytes = 0;
      for (String commit : manifest(table).commits()) {
        bytes += fileSystem.getContentSummary(new Path(files.folder(table), commit)).getLength();
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a table as it is now; a later write does not change what this returns. {@code quarantine}
   * is what all jobs have set aside.
   *
   * @throws SettingsException naming the job to run, where the table was never written
   */
  public Dataset<Row> read(String table) {
    if (table.equals(Tables.QUARANTINE)) {
      StructType columns = Tables.schema(table).orElseThrow();
      Dataset<Row> nothing = spark.createDataFrame(List.of(), columns);
      return stages().stream().map(this::read).reduce(nothing, Dataset::union);
    }
    Manifest manifest = manifest(table);
    return read(table, manifest.commits(), (StructType) DataType.fromJson(manifest.columns()));
  }

  /**
   * Where the images of {@code queries} and {@code candidates} lie: the folder that their paths are
   * relative to, fully qualified, as ingest found it, or {@link #packs}.
   */
  public String imageRoot() {
    Manifest ingested = manifest(Tables.QUERIES);
    return ingested.settings().containsKey(PACK_IMAGES)
        ? ImagePacks.root(packs().toString())
        : ingested.inputs().getOrDefault(IMAGE_ROOT, "");
  }

  /** The folder of the image files that ingest was given, whether they were packed or not. */
  public String givenImageRoot() {
    return manifest(Tables.QUERIES).inputs().getOrDefault(IMAGE_ROOT, "");
  }

  /** The folder for images that ingest packs. */
  public Path packs() {
    return files.folder(PACKS);
  }

  /** A place for rows that nobody needs afterwards. Close it. */
  public Scratch scratch() {
    Path place = new Path(files.folder(SCRATCH), UUID.randomUUID().toString());
    return new Scratch(spark, place, files);
  }

  /** Begins to add commits to a table of {@link Tables}, of which this is the only writer. */
  public GrowingTable grow(String table, Manifest.Draft draft) {
    return new GrowingTable(table, this, files, draft);
  }

  /** Replaces a small file beside a table, at once. */
  public void writeBeside(String table, String name, byte[] content) {
    files.write(new Path(files.folder(table), name), content);
  }

  /**
   * Writes rows where no reader looks yet.
   *
   * @return the commit's name, to be handed to {@link #commit}
   */
  public String stage(String table, Dataset<Row> rows) {
    String commit =
        COMMIT_TIME.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, 8);
    Columns.conform(table, rows).write().parquet(new Path(files.folder(table), commit).toString());
    return commit;
  }

  /** Reads what was staged and may not be committed yet. */
  public Dataset<Row> readStaged(String table, String commit) {
    return Tables.schema(table)
        .map(schema -> read(table, List.of(commit), schema))
        .orElseGet(() -> spark.read().parquet(literally(new Path(files.folder(table), commit))));
  }

  /** Reads some commits of a table that {@link Tables} knows, committed or not. */
  public Dataset<Row> readStaged(String table, List<String> commits) {
    StructType columns = Tables.schema(table).orElseThrow();
    return commits.isEmpty()
        ? spark.createDataFrame(List.of(), columns)
        : read(table, commits, columns);
  }

  /**
   * Makes a table consist of exactly these commits.
   *
   * @return the manifest as written
   */
  public Manifest commit(String table, List<String> commits, Manifest.Draft draft) {
    Set<String> kept = new HashSet<>(commits);
    find(table).ifPresent(previous -> kept.addAll(previous.commits()));
    StructType columns =
        Tables.schema(table)
            .orElseGet(() -> readStaged(table, commits.get(commits.size() - 1)).schema());
    Manifest manifest = Manifest.now(commits, columns.json(), draft);
    files.commit(table, manifest, kept);
    return manifest;
  }

  /**
   * The folder of an output that is files, not rows: a model. They lie in it directly, beside the
   * manifest.
   */
  public Path outputFolder(String output) {
    return files.folder(output);
  }

  /** A folder in which to write an output's files, to be handed to {@link #commitFiles}. */
  public Path stageFiles(String output) {
    return files.stage(output);
  }

  /**
   * Makes an output consist of exactly the files of a folder. What else lies beside them is
   * removed.
   *
   * @return the manifest as written
   */
  public Manifest commitFiles(String output, Path staged, Manifest.Draft draft) {
    Manifest manifest = Manifest.now(List.of(), "", draft);
    files.commitFiles(output, staged, manifest);
    return manifest;
  }

  /** Removes commits that no manifest names. */
  public void discard(String table, List<String> commits) {
    commits.forEach(commit -> files.discard(new Path(files.folder(table), commit)));
  }

  /** Removes files that were not committed. */
  public void discard(Path staged) {
    files.discard(staged);
  }

  /**
   * Makes sure that this run is still the workspace's writer. For what is written beside tables.
   *
   * @throws dev.assay.job.failure.JobFailedException in one plain line, if it is not
   */
  public void verify() {
    files.verify();
  }

  /** Removes a table. */
  public void remove(String table) {
    files.remove(table);
  }

  private Dataset<Row> read(String table, List<String> commits, StructType columns) {
    String[] paths =
        commits.stream()
            .map(commit -> literally(new Path(files.folder(table), commit)))
            .toArray(String[]::new);
    return spark.read().schema(columns).parquet(paths);
  }

  /** Spark takes the paths that it reads for patterns: what stands for itself is escaped. */
  public static String literally(Path path) {
    return path.toString().replaceAll("[{}\\[\\]*?\\\\]", "\\\\$0");
  }

  /** The jobs that have set rows aside, as tables. */
  private List<String> stages() {
    List<String> stages = new ArrayList<>();
    try {
      for (FileStatus child : fileSystem.listStatus(files.folder(Tables.QUARANTINE))) {
        String stage = Tables.quarantine(child.getPath().getName());
        if (child.isDirectory() && find(stage).isPresent()) {
          stages.add(stage);
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    stages.sort(null);
    return stages;
  }
}
