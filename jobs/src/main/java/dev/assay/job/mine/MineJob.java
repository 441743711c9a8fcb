package dev.assay.job.mine;

import static org.apache.spark.sql.functions.col;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.Tally;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.workspace.Tables;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Mines hard negatives: applies the {@link MiningRule} to every query, on the executors.
 *
 * <p>A query's candidates are those in {@code retrieved}; {@code scored} has the judge's scores of
 * them. The job writes {@code negatives}, a row for each judged positive of each query that has a
 * list, and {@code decisions}, a row for each judged pair and for each pair that retrieval kept out
 * of a query's nearest.
 */
public final class MineJob implements Job {
  private final MineOptions options;

  public MineJob(MineOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "mine";
  }

  @Override
  public List<String> inputs() {
    return List.of(
        Tables.SCORED,
        Tables.RETRIEVED,
        Tables.EXCLUDED,
        Tables.POSITIVES,
        Tables.QUERIES,
        Tables.CANDIDATES);
  }

  @Override
  public List<String> outputs() {
    return List.of(Tables.NEGATIVES, Tables.DECISIONS);
  }

  @Override
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("beta", Double.toString(options.beta()));
    settings.put("negatives", Integer.toString(options.negatives()));
    settings.put("step", Integer.toString(options.step()));
    settings.put("fallback", options.fallback().label());
    settings.put("seed", Long.toString(options.seed()));
    return settings;
  }

  /** 2: candidates of one content take one place in a list. */
  @Override
  public int version() {
    return 2;
  }

  @Override
  public CostEstimate estimate(JobContext context, OptionalDouble rate) {
    Dataset<Row> scored = context.read(Tables.SCORED);
    return CostEstimate.UNKNOWN.with(
        "pairs",
        "%,d of table %s, of %,d queries",
        scored.count(),
        Tables.SCORED,
        scored.select(Tables.QUERY_ID).distinct().count());
  }

  @Override
  public JobResult run(JobContext context) {
    MineOptions carried = options; // the job itself does not travel to executors
    Dataset<Row> mined =
        JudgedQueries.rows(context)
            .mapPartitions(
                (MapPartitionsFunction<Row, Row>) rows -> mine(new MiningRule(carried), rows),
                Encoders.row(MinedRows.SCHEMA))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Tally queries = new Tally();
      Tally lists = new Tally();
      context.write(
          Tables.NEGATIVES,
          lists.of(MinedRows.negatives(mined, queries), Tables.FILL, Fill.labels()));
      Tally decisions = new Tally();
      context.write(
          Tables.DECISIONS,
          decisions.of(
              MinedRows.decisions(mined).unionByName(keptOutByRetrieval(context)),
              Tables.DECISION,
              Decision.labels()));
      context.quarantine(MinedRows.rejects(mined));
      long withList = queries.kinds().getOrDefault(MinedRows.WITH_LIST, 0L);
      return new MineResult(queries.rows(), withList, lists.kinds(), decisions.kinds())
          .toJobResult();
    } finally {
      mined.unpersist();
    }
  }

  private static Iterator<Row> mine(MiningRule rule, Iterator<Row> rows) {
    JudgedQueries queries = new JudgedQueries(rows);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return queries.hasNext();
      }

      @Override
      public Row next() {
        return MinedRows.toRow(rule.mine(queries.next()));
      }
    };
  }

  /** Pairs that retrieval's rules kept out of the k nearest. They were not judged. */
  private static Dataset<Row> keptOutByRetrieval(JobContext context) {
    return context
        .read(Tables.EXCLUDED)
        .where(col(Tables.REASON).notEqual(Decision.POSITIVE.label()))
        .select(
            col(Tables.QUERY_ID),
            col(Tables.CANDIDATE_ID),
            col(Tables.REASON).as(Tables.DECISION),
            col(Tables.THRESHOLD));
  }
}
