package dev.assay.job.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.TestSpark;
import dev.assay.job.failure.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.SparkRuntimeException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  private static final Manifest.Draft DRAFT =
      new Manifest.Draft("test", 1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  @TempDir Path folder;
  private final SparkSession spark = TestSpark.session();
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(spark, folder.toString());
  }

  @Test
  void readsBackWhatWasCommitted() {
    commit("a", "b");

    assertEquals(List.of("a", "b"), queryIds(workspace.read(Tables.POSITIVES)));
    assertTrue(workspace.has(Tables.POSITIVES));
  }

  @Test
  void namesTheJobToRunWhereATableIsMissing() {
    SettingsException e =
        assertThrows(SettingsException.class, () -> workspace.read(Tables.SCORED));

    assertTrue(e.getMessage().contains("scored"), e.getMessage());
    assertTrue(e.getMessage().contains("run `assay judge` first"), e.getMessage());
  }

  @Test
  void doesNotSeeRowsWithoutAManifest() {
    workspace.stage(Tables.POSITIVES, pairs("a"));

    assertFalse(workspace.has(Tables.POSITIVES));
    assertThrows(SettingsException.class, () -> workspace.read(Tables.POSITIVES));
  }

  @Test
  void keepsTheOldTableWhereAWriteFails() {
    commit("old");
    Dataset<Row> failing =
        pairs("new")
            .withColumn(
                Tables.CANDIDATE_ID,
                functions.raise_error(functions.lit("broken")).cast(DataTypes.StringType));

    assertThrows(Exception.class, () -> workspace.stage(Tables.POSITIVES, failing));

    assertEquals(List.of("old"), queryIds(workspace.read(Tables.POSITIVES)));
  }

  @Test
  void showsAReaderTheTableItOpenedThoughAWriterReplacedIt() {
    commit("old");
    Dataset<Row> opened = workspace.read(Tables.POSITIVES);

    commit("new");

    assertEquals(List.of("old"), queryIds(opened));
    assertEquals(List.of("new"), queryIds(workspace.read(Tables.POSITIVES)));
  }

  @Test
  void removesWhatKilledWritersLeftAndCommitsBeforeTheLast() throws IOException {
    commit("first");
    workspace.stage(Tables.POSITIVES, pairs("killed"));
    commit("second");
    commit("third");

    try (Stream<Path> children = Files.list(folder.resolve(Tables.POSITIVES))) {
      assertEquals(2, children.filter(Files::isDirectory).count());
    }
  }

  @Test
  void addsCommitsToATable() {
    String first = workspace.stage(Tables.POSITIVES, pairs("a"));
    String second = workspace.stage(Tables.POSITIVES, pairs("b"));
    workspace.commit(Tables.POSITIVES, List.of(first, second), DRAFT);

    assertEquals(List.of("a", "b"), queryIds(workspace.read(Tables.POSITIVES)));
  }

  @Test
  void changesAManifestsIdWithEveryCommit() {
    commit("a");
    String before = workspace.manifest(Tables.POSITIVES).id();
    commit("a");

    assertFalse(before.equals(workspace.manifest(Tables.POSITIVES).id()));
  }

  @Test
  void readsAnEmptyTableWithItsColumns() {
    commit();

    Dataset<Row> rows = workspace.read(Tables.POSITIVES);
    assertEquals(0, rows.count());
    assertEquals(Tables.schema(Tables.POSITIVES).orElseThrow(), rows.schema());
  }

  @Test
  void writesNoNan() {
    Dataset<Row> rows =
        pairs("a")
            .withColumn(Tables.RANK, functions.lit(0))
            .withColumn(Tables.SIMILARITY, functions.lit(Float.NaN));

    Exception e =
        assertThrows(SparkRuntimeException.class, () -> workspace.stage(Tables.RETRIEVED, rows));
    assertTrue(e.toString().contains("NaN in column similarity"), e.toString());
  }

  @Test
  void writesNoNanInsideAnEmbedding() {
    Dataset<Row> rows =
        pairs("a")
            .withColumn(
                Tables.EMBEDDING, functions.array(functions.lit(0.5f), functions.lit(Float.NaN)));

    assertThrows(SparkRuntimeException.class, () -> workspace.stage(Tables.QUERY_EMBEDDINGS, rows));
  }

  @Test
  void refusesRowsOfOtherColumns() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> workspace.stage(Tables.RETRIEVED, pairs("a")));

    assertTrue(e.getMessage().contains("column rank must be int"), e.getMessage());
  }

  @Test
  void readsQuarantineAsTheUnionOfAllJobs() {
    for (String job : List.of("ingest", "embed")) {
      Dataset<Row> rows =
          spark.sql("SELECT '" + job + "' stage, 'x' id, 'r' reason, 'd' detail, 's' source");
      String table = Tables.quarantine(job);
      workspace.commit(table, List.of(workspace.stage(table, rows)), DRAFT);
    }

    assertEquals(2, workspace.read(Tables.QUARANTINE).count());
  }

  /** Spark takes the paths that it reads for patterns. */
  @Test
  void readsTablesWhateverItsFolderIsCalled() {
    workspace = Workspace.open(spark, folder.resolve("run[1] {a,b} {c * ? \\ %20#").toString());
    commit("a");
    String staged = workspace.stage("copy", pairs("b"));

    assertEquals(List.of("a"), queryIds(workspace.read(Tables.POSITIVES)));
    assertEquals(List.of("b"), queryIds(workspace.readStaged("copy", staged)));
  }

  @Test
  void refusesAFolderThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    SettingsException e =
        assertThrows(
            SettingsException.class, () -> Workspace.open(spark, file.resolve("ws").toString()));
    assertTrue(e.getMessage().startsWith("Cannot write to the workspace"), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  private void commit(String... queries) {
    String commit = workspace.stage(Tables.POSITIVES, pairs(queries));
    workspace.commit(Tables.POSITIVES, List.of(commit), DRAFT);
  }

  private Dataset<Row> pairs(String... queries) {
    List<Row> rows = new ArrayList<>();
    for (String query : queries) {
      rows.add(RowFactory.create(query, "c"));
    }
    return spark.createDataFrame(rows, Tables.schema(Tables.POSITIVES).orElseThrow());
  }

  private static List<String> queryIds(Dataset<Row> rows) {
    return rows.sort(Tables.QUERY_ID).collectAsList().stream().map(r -> r.getString(0)).toList();
  }
}
