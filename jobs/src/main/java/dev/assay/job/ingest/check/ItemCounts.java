package dev.assay.job.ingest.check;

import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.FoundItem;
import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;

/**
 * Items by what became of them.
 *
 * @param rows all rows
 * @param queries usable ones
 * @param candidates usable ones
 * @param cutTexts usable items whose text is longer than the limit
 * @param firstCut where the first of these stands, or null
 * @param firstCutAt the ordinal of that place
 */
public record ItemCounts(
    long rows, long queries, long candidates, long cutTexts, String firstCut, long firstCutAt)
    implements Serializable {
  private static final ItemCounts NONE = new ItemCounts(0, 0, 0, 0, null, Long.MAX_VALUE);

  /** Counts items whose texts are not yet cut. */
  public static ItemCounts of(JavaRDD<FoundItem> items, TextLimit limit) {
    return items.aggregate(NONE, (counts, item) -> counts.plus(of(item, limit)), ItemCounts::plus);
  }

  private static ItemCounts of(FoundItem item, TextLimit limit) {
    if (!item.usable()) {
      return new ItemCounts(1, 0, 0, 0, null, Long.MAX_VALUE);
    }
    long query = item.kind().equals(Found.QUERY) ? 1 : 0;
    return limit.exceededBy(item.text())
        ? new ItemCounts(1, query, 1 - query, 1, item.source(), item.ordinal())
        : new ItemCounts(1, query, 1 - query, 0, null, Long.MAX_VALUE);
  }

  private ItemCounts plus(ItemCounts other) {
    ItemCounts earlier = isEarlier(other) ? other : this;
    return new ItemCounts(
        rows + other.rows,
        queries + other.queries,
        candidates + other.candidates,
        cutTexts + other.cutTexts,
        earlier.firstCut,
        earlier.firstCutAt);
  }

  /** Two files can have a cut text at the same line: then the name decides. */
  private boolean isEarlier(ItemCounts other) {
    return other.firstCutAt < firstCutAt
        || (other.firstCutAt == firstCutAt
            && other.firstCut != null
            && (firstCut == null || other.firstCut.compareTo(firstCut) < 0));
  }

  public long unusable() {
    return rows - queries - candidates;
  }
}
