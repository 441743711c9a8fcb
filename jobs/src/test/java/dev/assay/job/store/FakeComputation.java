package dev.assay.job.store;

import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.JUDGE;
import static dev.assay.job.workspace.Tables.MARGIN;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.job.JobContext;
import dev.assay.job.failure.JobFailedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/** Computes constants, and remembers what it was asked for. */
final class FakeComputation implements Computation, Computation.Identified, Computation.Loaded {
  final List<Set<String>> slices = Collections.synchronizedList(new ArrayList<>());
  boolean checked;
  private final String name;
  private String failing = "";
  private int most = Integer.MAX_VALUE;

  FakeComputation(String name) {
    this.name = name;
  }

  FakeComputation failing(String candidate) {
    failing = candidate;
    return this;
  }

  FakeComputation stopAfter(int slicesDone) {
    most = slicesDone;
    return this;
  }

  FakeComputation refusing() {
    return stopAfter(0);
  }

  @Override
  public Identified identify(JobContext context) {
    return this;
  }

  @Override
  public Dataset<Row> sign(Dataset<Row> wanted) {
    return wanted.withColumn(JUDGE, lit(name)).withColumn(TOGETHER, col(QUERY_HASH));
  }

  @Override
  public Loaded load() {
    checked = true;
    return this;
  }

  @Override
  public Dataset<Row> compute(Dataset<Row> slice, long rows, LongAccumulator done) {
    if (slices.size() == most) {
      throw new JobFailedException("killed");
    }
    Set<String> pairs = new TreeSet<>();
    for (Row row : slice.collectAsList()) {
      String query = row.getAs(QUERY_HASH);
      String candidate = row.getAs(CANDIDATE_HASH);
      assertEquals(query.toUpperCase(Locale.ROOT), row.getAs("query_text"));
      assertEquals(candidate.toUpperCase(Locale.ROOT), row.getAs("candidate_text"));
      pairs.add(query + " " + candidate);
    }
    assertEquals(rows, pairs.size());
    slices.add(pairs);
    return slice
        .withColumn(ERROR, when(col(CANDIDATE_HASH).equalTo(failing), lit("broken: so")))
        .withColumn(MARGIN, when(col(ERROR).isNull(), lit(1f)));
  }
}
