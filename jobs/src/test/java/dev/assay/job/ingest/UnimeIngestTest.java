package dev.assay.job.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.TestSpark;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.workspace.Tables;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnimeIngestTest {
  private static final String ENTRY =
      """
      {"query_text": "<|image_1|>\\nWhat is this?", "query_image": "dot.png",
       "pos_text": "a dot", "pos_image": "", "query_pos_scores": 0.75,
       "hard_negatives": [["a line", ""], ["<|image_1|>\\n", "dot.png"], ["a line", ""]],
       "hard_negatives_scores": [0.5, 0.25, 0.5]}\
      """;

  @TempDir Path folder;
  private Inputs inputs;

  @BeforeEach
  void image() {
    inputs = new Inputs(folder).bytes("dot.png", Inputs.PNG);
  }

  @Test
  void makesQueriesCandidatesAndPositives() {
    String summary = ingest("[" + ENTRY + "]");

    assertEquals(
        "1 queries, 3 candidates, 1 positives, 1 lists of negatives; 0 quarantined", summary);
    Row query = inputs.workspace.read(Tables.QUERIES).first();
    assertEquals("What is this?", query.getAs(Tables.TEXT));
    assertEquals("dot.png", query.getAs(Tables.IMAGE));
    assertEquals("unime-v2", query.getAs(Tables.DATASET));
  }

  @Test
  void keepsNegativesAndScores() {
    ingest("[" + ENTRY + "]");

    Row row = inputs.workspace.read(Tables.NEGATIVES).first();
    assertEquals(0.75f, row.<Float>getAs(Tables.POSITIVE_SCORE));
    assertEquals("repeated", row.getAs(Tables.FILL));
    List<Row> negatives = row.getList(row.fieldIndex(Tables.NEGATIVES));
    assertEquals(List.of(0.5f, 0.25f, 0.5f), negatives.stream().map(n -> n.getFloat(1)).toList());
    assertEquals(negatives.get(0).getString(0), negatives.get(2).getString(0));
    assertTrue(negatives.get(0).isNullAt(2), "no margin was published");
  }

  @Test
  void takesAnItemThatStandsInManyEntriesForOne() {
    String second = ENTRY.replace("\"a dot\"", "\"a small dot\"");

    assertEquals(
        "1 queries, 4 candidates, 2 positives, 2 lists of negatives; 0 quarantined",
        ingest("[" + ENTRY + ",\n" + second + "]"));
  }

  @Test
  void leavesOutNegativesThatCannotBeUsed() {
    String entry = ENTRY.replace("[\"a line\", \"\"], [", "[\"\", \"none.png\"], [");
    ingest("[" + entry + "]");

    Row row = inputs.workspace.read(Tables.NEGATIVES).first();
    List<Row> negatives = row.getList(row.fieldIndex(Tables.NEGATIVES));
    assertEquals(List.of(0.25f, 0.5f), negatives.stream().map(n -> n.getFloat(1)).toList());
    assertTrue(inputs.quarantined().get(0).endsWith("train.json:1 (entry 1)"));
  }

  @Test
  void setsBrokenEntriesAside() {
    String scoreless = ENTRY.replace("0.75", "NaN");
    String lists = ENTRY.replace("[0.5, 0.25, 0.5]", "[0.5]");
    ingest("[" + ENTRY + ",\n" + scoreless + ",\n" + lists + ", 7]");

    assertEquals(
        List.of(
            "broken_entry  train.json:5 (entry 2)",
            "broken_entry  train.json:9 (entry 3)",
            "broken_json  train.json:12 (entry 4)"),
        inputs.quarantined());
    assertEquals(1, inputs.workspace.read(Tables.POSITIVES).count());
  }

  @Test
  void stopsAtBrokenJsonNamingTheLine() {
    for (String broken :
        List.of("[" + ENTRY, "[" + ENTRY + ", {]", "{}", "", "[" + ENTRY + "] []", "[1")) {
      JobFailedException e = assertThrows(JobFailedException.class, () -> ingest(broken), broken);

      assertTrue(
          e.getMessage().matches("Cannot ingest .*train.json: line \\d+, after .*"), e::getMessage);
      assertFalse(inputs.workspace.has(Tables.QUERIES));
    }
  }

  @Test
  void aStorageErrorIsNotBrokenJson() {
    FailingFileSystem.register(TestSpark.session().sparkContext().hadoopConfiguration());
    inputs.bytes("unavailable.json", "[]".getBytes(StandardCharsets.UTF_8));
    String input = FailingFileSystem.SCHEME + "://" + folder + "/unavailable.json";

    Exception e =
        assertThrows(
            Exception.class, () -> inputs.ingestFrom(InputFormat.UNIME_V2, input, "", 1, 1000));

    assertTrue(e.getMessage().contains("unavailable.json: 503 Slow Down"), e.getMessage());
  }

  private String ingest(String json) {
    inputs.bytes("train.json", json.getBytes(StandardCharsets.UTF_8));
    return inputs.ingest(InputFormat.UNIME_V2, "train.json", 1).result().summary();
  }
}
