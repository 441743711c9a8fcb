package dev.assay.job.store;

import static dev.assay.job.workspace.Tables.SCORE_STORE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.TestSpark;
import dev.assay.job.workspace.GrowingTable;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitsTest {
  private static final Manifest.Draft DRAFT =
      new Manifest.Draft("judge", 1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  @TempDir Path folder;

  @Test
  void manyCommitsAreMergedWithoutLosingARowAndAReaderKeepsItsOwn() {
    Workspace workspace = Workspace.open(TestSpark.session(), folder.toString());
    GrowingTable table = workspace.grow(SCORE_STORE, DRAFT);
    table.add(table.stage(row(0))); // of an earlier fill
    Commits commits = new Commits(workspace.grow(SCORE_STORE, DRAFT), 2);
    Set<Float> expected = new TreeSet<>(List.of(0f));
    for (int i = 1; i <= 9; i++) {
      Dataset<Row> reader = workspace.read(SCORE_STORE);
      Set<Float> found = Set.copyOf(expected);
      commits.append(row(i));
      if (i < 9) { // the ninth merges twice, and a reader keeps its rows for one commit only
        assertEquals(new TreeSet<>(found), values(reader), "after commit " + i);
      }
      expected.add((float) i);
    }

    assertEquals(expected, values(workspace.read(SCORE_STORE)));
    expected.remove(0f);
    assertEquals(expected, values(commits.rows()));
    // Nine: three of three merged, and those merged in their turn.
    assertEquals(2, workspace.manifest(SCORE_STORE).commits().size());
    String[] left = folder.resolve(SCORE_STORE).toFile().list((dir, name) -> !name.startsWith("_"));
    assertTrue(left.length <= 6, () -> String.join(" ", left));
    assertTrue(Files.exists(folder.resolve(SCORE_STORE)));
  }

  private static Dataset<Row> row(int value) {
    return TestSpark.session()
        .sql(
            ("SELECT 'q' query_hash, 'c' candidate_hash, 'j' judge, CAST(%d AS FLOAT) margin,"
                    + " CAST(NULL AS STRING) error")
                .formatted(value))
        .coalesce(1);
  }

  private static Set<Float> values(Dataset<Row> rows) {
    Set<Float> values = new TreeSet<>();
    rows.collectAsList().forEach(row -> values.add(row.<Float>getAs("margin")));
    return values;
  }
}
