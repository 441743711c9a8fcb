package dev.assay.job.retrieve;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.JobContext;
import dev.assay.job.search.SlicedSearch;
import dev.assay.job.workspace.GrowingTable;
import dev.assay.job.workspace.Tables;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntConsumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Searches slice by slice of the queries. What a slice found is committed, so that a killed job
 * goes on with the next. Slices of other inputs, settings or versions are discarded.
 */
final class StoredSlices {
  private final JobContext context;
  private final IntConsumer committed;

  /**
   * @param committed is told of each slice that was searched and committed
   */
  StoredSlices(JobContext context, IntConsumer committed) {
    this.context = context;
    this.committed = committed;
  }

  /** What all slices found: their {@link SlicedSearch#best}. */
  Dataset<Row> search(SlicedSearch search, int k) {
    int slices = search.slices();
    context.removeAtEnd(Tables.SLICE_STORE);
    Set<String> there = there();
    if (!there.isEmpty()) {
      context.progress().say(there.size() + of(slices) + " slices of queries were searched before");
    }
    GrowingTable store = context.grow(Tables.SLICE_STORE);
    for (int slice = 0; slice < slices; slice++) {
      if (!there.contains(name(slice, slices))) {
        Dataset<Row> best = SlicedSearch.best(search.hits(slice), k);
        store.add(store.stage(best.withColumn(Tables.SLICE, lit(name(slice, slices)))));
        committed.accept(slice);
      }
    }
    return context.read(Tables.SLICE_STORE).where(col(Tables.SLICE).endsWith(of(slices)));
  }

  /** Which slices an earlier run of this job committed. */
  private Set<String> there() {
    Set<String> there = new HashSet<>();
    if (context.isOwn(Tables.SLICE_STORE)) {
      context
          .read(Tables.SLICE_STORE)
          .select(Tables.SLICE)
          .distinct()
          .collectAsList()
          .forEach(row -> there.add(row.getString(0)));
    } else if (context.workspace().has(Tables.SLICE_STORE)) {
      context.workspace().remove(Tables.SLICE_STORE);
    }
    return there;
  }

  /** A slice has other queries where there are more or fewer slices. */
  private static String name(int slice, int slices) {
    return (slice + 1) + of(slices);
  }

  private static String of(int slices) {
    return " of " + slices;
  }
}
