package dev.assay.job.ingest;

import dev.assay.job.ingest.check.ItemCounts;
import dev.assay.job.ingest.check.PairCounts;
import dev.assay.job.ingest.check.TextLimit;
import dev.assay.job.workspace.Tables;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an ingest has made: rows by table, as counts of its manifests and as a line of text. */
final class IngestCounts {
  private static final String UNANSWERED = "queries_without_positive";
  private static final String TEXTS_CUT = "texts_cut";
  private static final String PACKED = "images_packed";

  private final SortedMap<String, Long> counts = new TreeMap<>();
  private final String firstCut;

  private IngestCounts(String firstCut) {
    this.firstCut = firstCut;
  }

  static IngestCounts of(ItemCounts items, PairCounts pairs) {
    IngestCounts made = new IngestCounts(items.firstCut());
    made.put(Tables.QUERIES, items.queries());
    made.put(Tables.CANDIDATES, items.candidates());
    made.put(Tables.POSITIVES, pairs.usable());
    made.put(UNANSWERED, items.queries() - pairs.queries());
    made.put(TEXTS_CUT, items.cutTexts());
    return made;
  }

  void put(String name, long count) {
    counts.put(name, count);
  }

  /** Counts images that were packed now. */
  void packed(long images) {
    put(PACKED, images);
  }

  SortedMap<String, Long> asMap() {
    return counts;
  }

  String summary(TextLimit limit) {
    StringBuilder line = new StringBuilder();
    add(line, "%,d queries, ", Tables.QUERIES);
    add(line, "%,d candidates, ", Tables.CANDIDATES);
    add(line, "%,d positives", Tables.POSITIVES);
    if (counts.containsKey(Tables.NEGATIVES)) {
      add(line, ", %,d lists of negatives", Tables.NEGATIVES);
    }
    if (counts.containsKey(Tables.CHOICES)) {
      add(line, ", %,d choices", Tables.CHOICES);
    }
    if (counts.containsKey(PACKED)) {
      add(line, ", %,d images packed", PACKED);
    }
    if (counts.get(UNANSWERED) > 0) {
      add(line, "; %,d queries have no positive", UNANSWERED);
    }
    if (counts.get(TEXTS_CUT) > 0) {
      add(line, "; %,d texts cut", TEXTS_CUT);
      line.append(String.format(Locale.ROOT, " to %,d bytes, such as %s", limit.bytes(), firstCut));
    }
    return line.toString();
  }

  private void add(StringBuilder line, String format, String name) {
    line.append(String.format(Locale.ROOT, format, counts.get(name)));
  }
}
