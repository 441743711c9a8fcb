package dev.assay.job.store;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.TEXT;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.upper;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Fills a store; runs whenever it is asked to. */
record FillJob(FakeComputation fake, Dataset<Row> wanted, Slices how, int mostCommits)
    implements Job {
  Wanted all() {
    return new Wanted(wanted, sides());
  }

  private List<Wanted.Side> sides() {
    return List.of(
        new Wanted.Side(QUERY_HASH, "query_text", "query_image", contents(QUERY_HASH)),
        new Wanted.Side(
            CANDIDATE_HASH, "candidate_text", "candidate_image", contents(CANDIDATE_HASH)));
  }

  /** The text of a content is its hash in upper case. */
  private Dataset<Row> contents(String hash) {
    return wanted
        .select(hash)
        .distinct()
        .toDF(CONTENT_HASH)
        .withColumn(TEXT, upper(col(CONTENT_HASH)))
        .withColumn(IMAGE, lit(null).cast("string"));
  }

  @Override
  public String name() {
    return "judge";
  }

  @Override
  public List<String> inputs() {
    return List.of();
  }

  @Override
  public List<String> outputs() {
    return List.of();
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public JobResult run(JobContext context) {
    ResultStore store = new ResultStore(StoreTable.SCORES, context, mostCommits);
    Filled filled = store.fill(all(), how, fake);
    SortedMap<String, Long> counts = new TreeMap<>();
    counts.put("values", filled.values().count());
    counts.put("failed", filled.failures().count());
    counts.put("reused", filled.reused());
    counts.put("done", filled.computed());
    store.compact();
    return new JobResult(counts, filled.summary("judged", "pairs"));
  }
}
