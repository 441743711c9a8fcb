package dev.assay.job.demo;

import dev.assay.job.TextTable;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.List;
import java.util.Locale;

/** What each job did, from the manifests: rows, time, rate. */
final class StageTable {
  /**
   * A job.
   *
   * @param table the one whose manifest tells of it
   * @param unit of its work
   * @param counts which together are its work
   */
  private record Stage(String table, String unit, List<String> counts) {}

  private static final List<Stage> STAGES =
      List.of(
          new Stage(Tables.QUERIES, "queries and candidates", List.of("queries", "candidates")),
          new Stage(Tables.CANDIDATE_EMBEDDINGS, "distinct items", List.of("items")),
          new Stage(Tables.RETRIEVED, "pairs found", List.of("retrieved", "excluded")),
          new Stage(Tables.SCORED, "distinct pairs", List.of("distinct_pairs")),
          new Stage(Tables.NEGATIVES, "queries", List.of("queries")));

  private StageTable() {}

  static String of(Workspace workspace) {
    TextTable table = new TextTable("stage", "rows", "of what", "seconds", "rows/s", "set aside");
    for (Stage stage : STAGES) {
      Manifest manifest = workspace.manifest(stage.table());
      long rows = 0;
      for (String count : stage.counts()) {
        rows += manifest.counts().getOrDefault(count, 0L);
      }
      table.row(
          manifest.job(),
          String.format(Locale.ROOT, "%,d", rows),
          stage.unit(),
          String.format(Locale.ROOT, "%.1f", manifest.seconds()),
          String.format(Locale.ROOT, "%,.1f", rows / Math.max(manifest.seconds(), 1e-3)),
          Long.toString(manifest.counts().getOrDefault("quarantined", 0L)));
    }
    return table.toString();
  }
}
