package dev.assay.job;

import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What a running job has at hand. Tables written through it become visible together, when the job
 * has ended well; until then readers see the old ones.
 */
public final class JobContext {
  private final SparkSession spark;
  private final Workspace workspace;
  private final Progress progress;
  private final Job job;

  /** Commits written so far and not yet visible, by table, in order of writing. */
  private final Map<String, List<String>> staged = new LinkedHashMap<>();

  private final long start = System.nanoTime();
  private Manifest.Draft draft;

  JobContext(SparkSession spark, Workspace workspace, Progress progress, Job job) {
    this.spark = spark;
    this.workspace = workspace;
    this.progress = progress;
    this.job = job;
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
   * Adds rows to a table and makes them visible at once: what is kept even if the job is killed
   * right after.
   */
  public Manifest append(String table, Dataset<Row> rows) {
    List<String> commits = new ArrayList<>();
    workspace.find(table).ifPresent(manifest -> commits.addAll(manifest.commits()));
    commits.add(workspace.stage(table, rows));
    return workspace.commit(table, commits, draft);
  }

  /**
   * Sets rows aside that could not be used. They replace what an earlier run of this job set aside.
   *
   * @param rows columns {@code id}, {@code reason}, {@code detail}, {@code source}, all strings
   * @return the same rows, read back from files
   */
  public Dataset<Row> quarantine(Dataset<Row> rows) {
    return write(
        Tables.quarantine(job.name()),
        rows.withColumn(Tables.STAGE, functions.lit(job.name()))
            .select(Tables.STAGE, Tables.ID, Tables.REASON, Tables.DETAIL, Tables.SOURCE));
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
  }
}
