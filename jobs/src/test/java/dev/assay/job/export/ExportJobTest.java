package dev.assay.job.export;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.job.Job;
import dev.assay.job.JobRunner;
import dev.assay.job.QuarantineLimit;
import dev.assay.job.TestSpark;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.IngestJob;
import dev.assay.job.ingest.IngestOptions;
import dev.assay.job.ingest.InputFormat;
import dev.assay.job.ingest.images.ImageHashes;
import dev.assay.job.ingest.pack.PackImages;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportJobTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String ENTRIES =
      """
      [
        {"query_text": "<|image_1|>\\nWas ist das?", "query_image": "a/dot.gif",
         "pos_text": "größer", "pos_image": "", "query_pos_scores": 0.75,
         "hard_negatives": [["one", ""], ["<|image_1|>\\n", "a/dot.gif"], ["one", ""]],
         "hard_negatives_scores": [0.5, 0.1, 0.5]},
        {"query_text": "x", "query_image": "",
         "pos_text": "see <|image_1|> there", "pos_image": "dot.gif", "query_pos_scores": 0.25,
         "hard_negatives": [["<|image_1|>\\nsee", "dot.gif"]],
         "hard_negatives_scores": [1.0]}
      ]\
      """;

  private final SparkSession spark = TestSpark.session();
  @TempDir Path folder;
  private Workspace workspace;

  @BeforeEach
  void images() throws IOException {
    workspace = open("workspace");
    Files.createDirectories(folder.resolve("a"));
    Files.writeString(folder.resolve("a/dot.gif"), "GIF89a dot");
    Files.writeString(folder.resolve("dot.gif"), "GIF89a another");
  }

  @Test
  void takesTheNameOfAFileInTheFolderItIsRunIn() {
    ExportOptions options = new ExportOptions(Tables.QUERIES, OutputFormat.JSONL, "queries.jsonl");
    assertDoesNotThrow(() -> new ExportJob(options).check(new Configuration()));
  }

  @Test
  void writesARowALineSortedWithEveryColumn() throws IOException {
    Manifest.Draft draft =
        new Manifest.Draft("judge", 1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    String commit =
        workspace.stage(
            Tables.SCORED,
            spark.sql(
                "SELECT id query_id, 'c' candidate_id, true is_positive, CAST(null AS INT) rank,"
                    + " CAST(null AS FLOAT) similarity, 1.5f margin, 0.1f score, 'j' judge"
                    + " FROM VALUES ('q\"2'), ('q1') AS t(id)"));
    workspace.commit(Tables.SCORED, List.of(commit), draft);

    export(workspace, Tables.SCORED, OutputFormat.JSONL);

    assertEquals(
        """
        {"query_id":"q\\"2","candidate_id":"c","is_positive":true,"rank":null,"similarity":null,\
        "margin":1.5,"score":0.1,"judge":"j"}
        {"query_id":"q1","candidate_id":"c","is_positive":true,"rank":null,"similarity":null,\
        "margin":1.5,"score":0.1,"judge":"j"}
        """,
        Files.readString(output()));
  }

  @Test
  void writesTheAuthorsListAsItWasRead() throws IOException {
    ingest(workspace, Files.writeString(folder.resolve("train.json"), ENTRIES));

    export(workspace, Tables.NEGATIVES, OutputFormat.UNIME_V2);

    assertEquals(sorted(ENTRIES), sorted(Files.readString(output())));
  }

  @Test
  void writesThePathsThatImagesHadBeforeTheyWerePacked() throws IOException {
    Path file = Files.writeString(folder.resolve("train.json"), ENTRIES);
    ingest(workspace, file, new PackImages(true, 1 << 20));

    export(workspace, Tables.NEGATIVES, OutputFormat.UNIME_V2);

    assertEquals(sorted(ENTRIES), sorted(Files.readString(output())));
  }

  @Test
  void readsItsOwnExportIntoTheSameTables() throws IOException {
    ingest(workspace, Files.writeString(folder.resolve("train.json"), ENTRIES));
    export(workspace, Tables.NEGATIVES, OutputFormat.UNIME_V2);

    Workspace second = open("second");
    ingest(second, output());

    for (String table :
        List.of(Tables.QUERIES, Tables.CANDIDATES, Tables.POSITIVES, Tables.NEGATIVES)) {
      assertEquals(rows(workspace, table), rows(second, table), table);
    }
  }

  @Test
  void writesAnEmptyFileWhereNothingWasSetAside() throws IOException {
    export(workspace, Tables.QUARANTINE, OutputFormat.JSONL);

    assertEquals("", Files.readString(output()));
  }

  @Test
  void leavesNothingBehindButTheFile() throws IOException {
    Path out = Files.createDirectories(folder.resolve("out"));
    Job job =
        new ExportJob(
            new ExportOptions(
                Tables.QUARANTINE, OutputFormat.JSONL, out.resolve("q.jsonl").toString()));
    run(workspace, job);
    run(workspace, job);

    try (Stream<Path> files = Files.list(out)) {
      assertEquals(List.of(out.resolve("q.jsonl")), files.toList());
    }
  }

  @Test
  void refusesAnOutputThatIsAFolder() {
    ExportJob job =
        new ExportJob(new ExportOptions(Tables.QUERIES, OutputFormat.JSONL, folder.toString()));

    SettingsException e =
        assertThrows(SettingsException.class, () -> job.check(new Configuration()));
    assertTrue(e.getMessage().endsWith("it is a folder"), e.getMessage());
  }

  private Workspace open(String name) {
    return Workspace.open(spark, folder.resolve(name).toString());
  }

  private Path output() {
    return folder.resolve("exported");
  }

  private void export(Workspace from, String table, OutputFormat format) {
    run(from, new ExportJob(new ExportOptions(table, format, output().toString())));
  }

  private void ingest(Workspace into, Path file) {
    ingest(into, file, PackImages.NO);
  }

  private void ingest(Workspace into, Path file, PackImages packs) {
    run(
        into,
        new IngestJob(
            new IngestOptions(
                InputFormat.UNIME_V2,
                file.toString(),
                "",
                folder.toString(),
                QuarantineLimit.NONE,
                16_384,
                new ImageHashes(20_000, false),
                packs)));
  }

  private void run(Workspace on, Job job) {
    PrintStream quiet = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    new JobRunner(spark, on, quiet, quiet).run(job);
  }

  private static List<String> rows(Workspace workspace, String table) {
    return workspace.read(table).collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private static List<String> sorted(String json) throws IOException {
    return JSON.readTree(json).valueStream().map(Object::toString).sorted().toList();
  }
}
