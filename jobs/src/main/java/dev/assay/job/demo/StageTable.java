package dev.assay.job.demo;

import dev.assay.job.TextTable;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.List;
import java.util.Locale;

/** The rows, time and rate of each job, from the manifests. */
final class StageTable {
  /**
   * One row.
   *
   * @param table the table with the job's manifest
   * @param unit the unit of the job's work
   * @param counts the counts of the manifest to add up
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
    TextTable table = new TextTable("stage", "rows", "unit", "seconds", "rows/s", "quarantined");
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
