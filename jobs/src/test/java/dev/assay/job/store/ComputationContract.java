package dev.assay.job.store;

import static dev.assay.job.workspace.Tables.ERROR;
import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.JobContext;
import dev.assay.job.TestJob;
import dev.assay.job.TestSpark;
import dev.assay.job.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store relies on, for every computation. Each is a subclass. */
public abstract class ComputationContract {
  @TempDir Path folder;

  /** The computation, on a tiny model. */
  protected abstract Computation computation();

  /** The store that it fills. */
  protected abstract StoreTable table();

  /** Wanted rows, of which exactly one cannot be computed. */
  protected abstract Dataset<Row> wanted();

  @Test
  void signsRowsAndComputesEachOnceToTheSameBits() {
    Workspace workspace = Workspace.open(TestSpark.session(), folder.toString());
    JobContext context = TestJob.context(workspace);
    Computation.Identified identified = computation().identify(context);
    Dataset<Row> signed = identified.sign(wanted());
    List<String> columns = Arrays.asList(signed.columns());
    assertTrue(columns.containsAll(table().key()), columns::toString);
    assertTrue(columns.contains(Computation.TOGETHER), columns::toString);
    signed
        .collectAsList()
        .forEach(row -> table().key().forEach(key -> assertNotNull(row.getAs(key), row::toString)));

    Computation.Loaded loaded = identified.load();
    Dataset<Row> slice = signed.drop(Computation.TOGETHER);
    long rows = slice.count();
    List<String> first = results(loaded, slice, rows);
    List<String> second = results(computation().identify(context).load(), slice, rows);

    assertEquals(rows, first.size());
    assertEquals(rows, new TreeSet<>(first).size());
    assertEquals(1, first.stream().filter(row -> !row.endsWith("null]")).count(), first::toString);
    assertEquals(first, second);
  }

  /** Keys, value and error of a slice, in order. */
  private List<String> results(Computation.Loaded loaded, Dataset<Row> slice, long rows) {
    LongAccumulator done = TestSpark.session().sparkContext().longAccumulator();
    List<String> columns = new ArrayList<>(table().key());
    columns.addAll(List.of(table().value(), ERROR));
    List<Row> results =
        loaded
            .compute(slice, rows, done)
            .select(
                columns.stream().map(name -> col(name)).toArray(org.apache.spark.sql.Column[]::new))
            .collectAsList();
    assertEquals(rows, done.value());
    for (Row row : results) {
      assertTrue(
          row.isNullAt(columns.size() - 2) != row.isNullAt(columns.size() - 1), row::toString);
    }
    return results.stream().map(Row::toString).sorted().toList();
  }
}
