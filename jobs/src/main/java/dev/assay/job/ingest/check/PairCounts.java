package dev.assay.job.ingest.check;

import dev.assay.job.ingest.input.FoundPair;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/**
 * Positive pairs by what became of them.
 *
 * @param rows all rows
 * @param usable rows without a reason
 * @param queries how many queries the usable ones name
 */
public record PairCounts(long rows, long usable, long queries) implements Serializable {

  /** Counts pairs as {@link Resolve#knownPairs} leaves them: those of one query side by side. */
  public static PairCounts of(JavaRDD<FoundPair> pairs) {
    return pairs
        .mapPartitions(rows -> List.of(of(rows)).iterator())
        .fold(new PairCounts(0, 0, 0), PairCounts::plus);
  }

  private static PairCounts of(Iterator<FoundPair> pairs) {
    long rows = 0;
    long usable = 0;
    long queries = 0;
    String query = null;
    while (pairs.hasNext()) {
      FoundPair pair = pairs.next();
      rows++;
      if (pair.usable()) {
        usable++;
        queries += pair.queryId().equals(query) ? 0 : 1;
        query = pair.queryId();
      }
    }
    return new PairCounts(rows, usable, queries);
  }

  private PairCounts plus(PairCounts other) {
    return new PairCounts(rows + other.rows, usable + other.usable, queries + other.queries);
  }

  public long unusable() {
    return rows - usable;
  }
}
