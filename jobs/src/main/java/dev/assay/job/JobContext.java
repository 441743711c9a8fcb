package dev.assay.job;

import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.workspace.GrowingTable;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Scratch;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The tables and services of a running job. The tables that it writes become visible together, when
 * the job has succeeded. Until then readers see the old ones.
 */
public final class JobContext {
  /** The longest detail in characters; a path in it could have any length. */
  private static final int DETAIL_LENGTH = 1000;

  private final SparkSession spark;
  private final Workspace workspace;
  private final Progress progress;
  private final Job job;
  private final QuarantineLimit limit;

  /** The commits that are written and not yet visible, by table, in the order of writing. */
  private final Map<String, List<String>> staged = new LinkedHashMap<>();

  /** Folders of files that are not yet visible, by output. */
  private final Map<String, Path> stagedFiles = new LinkedHashMap<>();

  private final List<Scratch> scratch = new ArrayList<>();

  /** Tables that are of no use once the job has succeeded. */
  private final Set<String> scaffolding = new LinkedHashSet<>();

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

  /** Reads a table of the workspace as it is now. */
  public Dataset<Row> read(String table) {
    return workspace.read(table);
  }

  /**
   * Writes rows of a table. They become visible when the job ends. A second call for the same table
   * adds rows to the first.
   *
   * @return the rows, read back from the files, so that nothing is computed twice
   */
  public Dataset<Row> write(String table, Dataset<Row> rows) {
    String commit = workspace.stage(table, rows);
    staged.computeIfAbsent(table, t -> new ArrayList<>()).add(commit);
    return workspace.readStaged(table, commit);
  }

  /**
   * A folder for the files of an output that is a model and not a table. When the job has
   * succeeded, they replace everything in the output's folder.
   */
  public Path stageFiles(String output) {
    return stagedFiles.computeIfAbsent(output, workspace::stageFiles);
  }

  /** Identifies the job's inputs, settings and version: it changes if one of them does. */
  public String fingerprint() {
    return Fingerprint.of(
        draft.job(),
        Integer.toString(draft.jobVersion()),
        draft.inputs().toString(),
        draft.settings().toString());
  }

  /**
   * Whether a table was written by this very job, perhaps in an earlier run that was killed: the
   * same version, inputs and settings.
   */
  public boolean isOwn(String table) {
    return workspace.find(table).filter(manifest -> manifest.matches(draft)).isPresent();
  }

  /** Removes a table, if it is there, when everything that the job wrote is visible. */
  public void removeAtEnd(String table) {
    scaffolding.add(table);
  }

  /**
   * Begins to add rows to a table. What is added is visible at once, and kept even if the job is
   * killed afterwards.
   */
  public GrowingTable grow(String table) {
    return workspace.grow(table, draft);
  }

  /** A place for rows that are removed when the job ends, or before when it is closed. */
  public Scratch scratch() {
    Scratch opened = workspace.scratch();
    scratch.add(opened);
    return opened;
  }

  /** Removes what the job needed only while it ran. */
  void clear() {
    scratch.forEach(Scratch::close);
  }

  /** Replaces the rows of a table, at once. */
  public Manifest replace(String table, Dataset<Row> rows) {
    return workspace.commit(table, List.of(workspace.stage(table, rows)), draft);
  }

  /**
   * Writes unusable rows to quarantine, and stops the job if there are more of them than {@code
   * assay.max-quarantined} allows. They replace the quarantined rows of an earlier run of this job.
   *
   * @param rows columns {@code id}, {@code reason}, {@code detail}, {@code source}, all strings
   * @param of the number of all rows, usable ones included
   * @return their number by reason; the runner prints it at the job's end
   * @throws JobFailedException if there are too many; then no table of the job becomes visible
   */
  public SetAside quarantine(Dataset<Row> rows, long of) {
    return quarantine(rows, of, limit);
  }

  /** The same with another limit. */
  public SetAside quarantine(Dataset<Row> rows, long of, QuarantineLimit own) {
    SetAside these = quarantine(rows);
    own.check(job.name(), these, of);
    return these;
  }

  /**
   * The same without a limit, for rows that are only unusable because an earlier job quarantined
   * what they need.
   */
  public SetAside quarantine(Dataset<Row> rows) {
    String table = Tables.quarantine(job.name());
    Tally tally = new Tally();
    Dataset<Row> written =
        write(
            table,
            tally.of(
                rows.withColumn(Tables.STAGE, functions.lit(job.name()))
                    .withColumn(
                        Tables.DETAIL, functions.col(Tables.DETAIL).substr(1, DETAIL_LENGTH))
                    .select(Tables.STAGE, Tables.ID, Tables.REASON, Tables.DETAIL, Tables.SOURCE)));
    SetAside these = tally.rows() == 0 ? SetAside.NOTHING : SetAside.of(written);
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

  /** The result with the number of quarantined rows in its counts and its summary. */
  JobResult withSetAside(JobResult result) {
    if (job.outputs().isEmpty()) {
      return result;
    }
    SortedMap<String, Long> counts = new TreeMap<>(result.counts());
    counts.put("quarantined", setAside.rows());
    return new JobResult(counts, result.summary() + "; " + setAside.summary());
  }

  /** Records what the job's tables depend on. Called once, before the job runs. */
  Manifest.Draft begin() {
    SortedMap<String, String> inputs = new TreeMap<>(job.sources(this));
    for (String table : job.inputs()) {
      inputs.put(table, workspace.manifest(table).id());
    }
    draft = new Manifest.Draft(job.name(), job.version(), inputs, job.settings(), new TreeMap<>());
    return draft;
  }

  /** Removes everything that was written and will not become visible. */
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
    scaffolding.stream().filter(workspace::has).forEach(workspace::remove);
  }
}
