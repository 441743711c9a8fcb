package dev.assay.job;

import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What a running job has at hand. Tables written through it become visible together, when the job
 * has ended well; until then readers see the old ones.
 */
public final class JobContext {
  /** A path in a detail may be of any length. */
  private static final int DETAIL_LENGTH = 1000;

  private final SparkSession spark;
  private final Workspace workspace;
  private final Progress progress;
  private final Job job;
  private final QuarantineLimit limit;

  /** Commits written so far and not yet visible, by table, in order of writing. */
  private final Map<String, List<String>> staged = new LinkedHashMap<>();

  /** Folders of files that are not yet visible, by output. */
  private final Map<String, Path> stagedFiles = new LinkedHashMap<>();

  private final long start = System.nanoTime();
  private Manifest.Draft draft;
  private SetAside setAside = SetAside.NOTHING;

  JobContext(
      SparkSession spark, Workspace workspace, Progress progress, Job job, QuarantineLimit limit) {
    this.spark = spark;
    this.workspace = workspace;
    this.progress = progress;
    this.job = job;
    this.limit = limit;
  }

  public SparkSession spark() {
    return spark;
  }

  public Workspace workspace() {
    return workspace;
  }

  public Progress progress() {
    return progress;
  }

  public String jobName() {
    return job.name();
  }

  /** Reads a table of the workspace, as it was when this is called. */
  public Dataset<Row> read(String table) {
    return workspace.read(table);
  }

  /**
   * Writes rows of a table, to become visible when the job ends. A second call for the same table
   * adds to the first.
   *
   * @return the rows as they were written, read back from files: nothing is computed twice
   */
  public Dataset<Row> write(String table, Dataset<Row> rows) {
    String commit = workspace.stage(table, rows);
    staged.computeIfAbsent(table, t -> new ArrayList<>()).add(commit);
    return workspace.readStaged(table, commit);
  }

  /**
   * A folder for the files of an output that is no table, a model. When the job has ended well they
   * take the place of all that lies in the output's folder.
   */
  public Path stageFiles(String output) {
    return stagedFiles.computeIfAbsent(output, workspace::stageFiles);
  }

  /** Names what the job depends on: another for other inputs, settings, or version. */
  public String fingerprint() {
    return Fingerprint.of(
        draft.job(),
        Integer.toString(draft.jobVersion()),
        draft.inputs().toString(),
        draft.settings().toString());
  }

  /**
   * Adds rows to a table and makes them visible at once: what is kept even if the job is killed
   * right after.
   */
  public Manifest append(String table, Dataset<Row> rows) {
    List<String> commits = new ArrayList<>();
    workspace.find(table).ifPresent(manifest -> commits.addAll(manifest.commits()));
    commits.add(workspace.stage(table, rows));
    return workspace.commit(table, commits, draft);
  }

  /** Makes a table consist of these rows, at once. */
  public Manifest replace(String table, Dataset<Row> rows) {
    return workspace.commit(table, List.of(workspace.stage(table, rows)), draft);
  }

  /**
   * Sets rows aside that could not be used, and stops the job where they are more than {@code
   * assay.max-quarantined} allows. They replace what an earlier run of this job set aside.
   *
   * @param rows columns {@code id}, {@code reason}, {@code detail}, {@code source}, all strings
   * @param of how many rows there were, those that could be used included
   * @return what they were; the runner tells it at the job's end
   * @throws JobFailedException if they are too many; then no table of the job becomes visible
   */
  public SetAside quarantine(Dataset<Row> rows, long of) {
    return quarantine(rows, of, limit);
  }

  /** The same with a limit of the job's own. */
  public SetAside quarantine(Dataset<Row> rows, long of, QuarantineLimit own) {
    SetAside these = quarantine(rows);
    own.check(job.name(), these, of);
    return these;
  }

  /**
   * The same without a limit: for rows that lack what earlier jobs have set aside, and are no fault
   * of their own.
   */
  public SetAside quarantine(Dataset<Row> rows) {
    String table = Tables.quarantine(job.name());
    Dataset<Row> written =
        write(
            table,
            rows.withColumn(Tables.STAGE, functions.lit(job.name()))
                .withColumn(Tables.DETAIL, functions.col(Tables.DETAIL).substr(1, DETAIL_LENGTH))
                .select(Tables.STAGE, Tables.ID, Tables.REASON, Tables.DETAIL, Tables.SOURCE));
    SetAside these = SetAside.of(written);
    if (these.rows() == 0) {
      List<String> commits = staged.get(table);
      String empty = commits.remove(commits.size() - 1);
      workspace.discard(table, List.of(empty));
      if (commits.isEmpty()) {
        staged.remove(table);
      }
    }
    setAside = setAside.plus(these);
    return these;
  }

  /** A result that tells what was set aside, in its counts and its summary. */
  JobResult withSetAside(JobResult result) {
    if (job.outputs().isEmpty()) {
      return result;
    }
    SortedMap<String, Long> counts = new TreeMap<>(result.counts());
    counts.put("quarantined", setAside.rows());
    return new JobResult(counts, result.summary() + "; " + setAside.summary());
  }

  /** Settles what the job's tables depend on; asked once, before it runs. */
  Manifest.Draft begin() {
    SortedMap<String, String> inputs = new TreeMap<>(job.sources(this));
    for (String table : job.inputs()) {
      inputs.put(table, workspace.manifest(table).id());
    }
    draft = new Manifest.Draft(job.name(), job.version(), inputs, job.settings(), new TreeMap<>());
    return draft;
  }

  /** Removes what was written and will not become visible. */
  void discard() {
    staged.forEach(workspace::discard);
    stagedFiles.values().forEach(workspace::discard);
  }

  /** Makes everything written visible, the job's first output last. */
  void commit(JobResult result) {
    Manifest.Draft finished = draft.finished(result.counts(), (System.nanoTime() - start) / 1e9);
    String quarantine = Tables.quarantine(job.name());
    if (!staged.containsKey(quarantine) && workspace.has(quarantine)) {
      workspace.remove(quarantine);
    }
    List<String> tables = new ArrayList<>(staged.keySet());
    if (!job.outputs().isEmpty() && tables.remove(job.outputs().get(0))) {
      tables.add(job.outputs().get(0));
    }
    for (String table : tables) {
      workspace.commit(table, staged.get(table), finished);
    }
    stagedFiles.forEach((output, files) -> workspace.commitFiles(output, files, finished));
  }
}
