package dev.assay.job.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.TestSpark;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.input.ContentId;
import dev.assay.job.workspace.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MmebIngestTest {
  private static final DataType TEXTS = DataTypes.createArrayType(DataTypes.StringType);
  private static final StructType EVAL =
      new StructType()
          .add("qry_inst", DataTypes.StringType)
          .add("qry_text", DataTypes.StringType)
          .add("qry_img_path", DataTypes.StringType)
          .add("tgt_text", TEXTS)
          .add("tgt_img_path", TEXTS);
  private static final StructType TRAIN =
      new StructType()
          .add("qry", DataTypes.StringType)
          .add("qry_image_path", DataTypes.StringType)
          .add("pos_text", DataTypes.StringType)
          .add("pos_image_path", DataTypes.StringType)
          .add("neg_text", DataTypes.StringType)
          .add("neg_image_path", DataTypes.StringType);

  @TempDir Path folder;
  private Inputs inputs;

  @BeforeEach
  void image() {
    inputs = new Inputs(folder).bytes("in/images/A/dot.png", Inputs.PNG);
  }

  @Test
  void everyRowOfEvalIsAQuestionWithItsChoices() {
    parquet(
        "in/CIRR/test-00000-of-00001.parquet",
        EVAL,
        eval("<|image_1|>\nbut red", "A/dot.png", "right", "wrong", "right", "other"),
        eval("<|image_1|>\nbut red", "A/dot.png", "wrong", "right"));
    parquet("in/ChartQA/test-00000-of-00001.parquet", EVAL, eval("how many?", "", "right", "7"));

    assertEquals(
        "3 queries, 5 candidates, 3 positives, 7 choices; 0 quarantined",
        ingest(InputFormat.MMEB_EVAL, ""));

    String right = candidate("CIRR", "right");
    String wrong = candidate("CIRR", "wrong");
    String other = candidate("CIRR", "other");
    assertEquals(
        sorted(
            "[CIRR/0-0," + right + ",0]",
            "[CIRR/0-0," + wrong + ",1]",
            "[CIRR/0-0," + other + ",3]",
            "[CIRR/0-1," + wrong + ",0]",
            "[CIRR/0-1," + right + ",1]",
            "[ChartQA/0-0," + candidate("ChartQA", "right") + ",0]",
            "[ChartQA/0-0," + candidate("ChartQA", "7") + ",1]"),
        inputs.rows(Tables.CHOICES));
    assertEquals(
        sorted(
            "[CIRR/0-0," + right + "]",
            "[CIRR/0-1," + wrong + "]",
            "[ChartQA/0-0," + candidate("ChartQA", "right") + "]"),
        inputs.rows(Tables.POSITIVES));
    assertEquals("but red", inputs.column(Tables.QUERIES, "CIRR/0-0", "text"));
    assertEquals("A/dot.png", inputs.column(Tables.QUERIES, "CIRR/0-0", "image"));
    assertEquals("CIRR", inputs.column(Tables.QUERIES, "CIRR/0-1", "dataset"));
  }

  @Test
  void aLineThatIsNoRowIsSetAsideWithItsLineNumber() {
    parquet(
        "in/GQA/test-00000-of-00001.parquet",
        EVAL,
        RowFactory.create("", "q", "", List.of("a", "b").toArray(), new Object[] {""}),
        RowFactory.create("", "q", "", null, null),
        RowFactory.create("", "q", "", new Object[0], new Object[0]),
        eval("q", "", "a", "b"),
        eval("q", "", "", "b"),
        eval("q", "gone.png", "a", "b"),
        eval("", "", "a", "b"));

    ingest(InputFormat.MMEB_EVAL, "");

    String name = "GQA/test-00000-of-00001.parquet row ";
    String nothing = candidate("GQA", null);
    assertEquals(
        sorted(
            "broken_entry  " + name + 0,
            "broken_entry  " + name + 1,
            "broken_entry  " + name + 2,
            "empty_item " + nothing + " " + name + 4,
            "empty_item GQA/0-6 " + name + 6,
            "missing_image GQA/0-5 " + name + 5,
            "unknown_candidate GQA/0-4 -> " + nothing + " " + name + 4,
            "unknown_query GQA/0-5 -> " + candidate("GQA", "a") + " " + name + 5,
            "unknown_query GQA/0-6 -> " + candidate("GQA", "a") + " " + name + 6),
        inputs.quarantined());
    assertEquals(
        sorted(
            "[GQA/0-3," + candidate("GQA", "a") + ",0]",
            "[GQA/0-3," + candidate("GQA", "b") + ",1]"),
        inputs.rows(Tables.CHOICES),
        "a question whose right answer is not there is no question");
  }

  @Test
  void trainRowsOfOneQueryAreItsPositivesAndNegativesAreCandidates() {
    inputs.bytes("in/A-OKVQA/x.txt", new byte[0]);
    parquet(
        "in/A-OKVQA/original-00000-of-00001.parquet",
        TRAIN,
        train("<|image_1|>\nwhat?", "images/A/dot.png", "cab", "", "train", ""),
        train("<|image_1|>\nwhat?", "images/A/dot.png", "taxi", "", "", ""),
        train("find it", "", "<|image_1|>\nthis\n", "images/A/dot.png", null, null));
    parquet("in/A-OKVQA/train-00000-of-00001.parquet", TRAIN, train("x", "", "y", "", "", ""));

    assertEquals(
        "2 queries, 4 candidates, 3 positives; 0 quarantined",
        ingest(InputFormat.MMEB_TRAIN, "original"));

    String query = "A-OKVQA/" + ContentId.of("what?", "images/A/dot.png");
    assertEquals(
        sorted(
            "[" + query + "," + candidate("A-OKVQA", "cab") + "]",
            "[" + query + "," + candidate("A-OKVQA", "taxi") + "]"),
        inputs.rows(Tables.POSITIVES).stream().filter(row -> row.contains(query)).toList());
    assertFalse(inputs.workspace.has(Tables.CHOICES));
  }

  @Test
  void refusesSeveralSplitsWhereNoneIsChosen() {
    parquet("in/CIRR/original-00000-of-00001.parquet", TRAIN, train("x", "", "y", "", "", ""));
    parquet("in/CIRR/train-00000-of-00001.parquet", TRAIN, train("x", "", "y", "", "", ""));

    assertTrue(
        refused(InputFormat.MMEB_TRAIN, "")
            .endsWith(
                "dataset CIRR has splits original, train; say which with assay.ingest.split"));
    assertTrue(
        refused(InputFormat.MMEB_TRAIN, "test")
            .endsWith("original, train; say which with assay.ingest.split, which is test"));
  }

  @Test
  void refusesFilesOfAnotherFormatNamingTheColumn() {
    parquet("in/CIRR/test-00000-of-00001.parquet", TRAIN, train("x", "", "y", "", "", ""));

    String message = refused(InputFormat.MMEB_EVAL, "");
    assertTrue(
        message.contains("column qry_text must be string, but the file has struct<qry:"), message);
  }

  @Test
  void aFileBesideTheFoldersIsADatasetOfItsOwnAndShardsAreOneDataset() {
    parquet("in/mine.parquet", EVAL, eval("q", "", "a", "b"));
    parquet("in/GQA/test-00000-of-00002.parquet", EVAL, eval("q", "", "a", "b"));
    parquet("in/GQA/test-00001-of-00002.parquet", EVAL, eval("q", "", "a", "c"));

    assertEquals(
        "3 queries, 5 candidates, 3 positives, 6 choices; 0 quarantined",
        ingest(InputFormat.MMEB_EVAL, ""));
    assertEquals("mine", inputs.column(Tables.QUERIES, "mine/0-0", "dataset"));
    assertEquals("GQA", inputs.column(Tables.QUERIES, "GQA/1-0", "dataset"));
  }

  @Test
  void takesBracketsInAPathForWhatTheyAreAndLeavesHiddenFilesOut() {
    String input = "in [1] {a,b} 100% *?";
    parquet(
        input + "/GQA/test-00000-of-00001.parquet", EVAL, eval("q [2]", "A/d [x].png", "a", "b"));
    inputs
        .bytes(input + "/images/A/d [x].png", Inputs.PNG)
        .bytes(input + "/GQA/._test-00000-of-00001.parquet", new byte[] {0, 5, 22, 7})
        .bytes(input + "/GQA/_metadata.parquet", new byte[] {1})
        .bytes(input + "/.cache/x.parquet", new byte[] {1});

    assertEquals(
        "1 queries, 2 candidates, 1 positives, 2 choices; 0 quarantined",
        inputs.ingest(InputFormat.MMEB_EVAL, input, "", 1, 1000).result().summary());
    assertEquals("q [2]", inputs.column(Tables.QUERIES, "GQA/0-0", "text"));
  }

  @Test
  void readsImagesThatAreStoredInTheFile() {
    StructType image =
        new StructType().add("bytes", DataTypes.BinaryType).add("path", DataTypes.StringType);
    StructType stored =
        new StructType()
            .add("qry_text", DataTypes.StringType)
            .add("qry_img_path", image)
            .add("tgt_text", TEXTS)
            .add("tgt_img_path", DataTypes.createArrayType(image));
    Row png = RowFactory.create(Inputs.PNG, "gone.png");
    Row path = RowFactory.create(null, "A/dot.png");
    parquet(
        "in/GQA/test-00000-of-00002.parquet",
        stored,
        RowFactory.create("q", png, new Object[] {"a", "b", "c"}, new Object[] {png, path, null}));
    parquet("in/GQA/test-00001-of-00002.parquet", EVAL, eval("q", "A/dot.png", "a", "b"));

    assertEquals(
        "2 queries, 5 candidates, 2 positives, 5 choices; 0 quarantined",
        ingest(InputFormat.MMEB_EVAL, ""));

    String byBytes = inputs.column(Tables.QUERIES, "GQA/0-0", Tables.CONTENT_HASH);
    assertEquals(inputs.column(Tables.QUERIES, "GQA/1-0", Tables.CONTENT_HASH), byBytes);
    assertTrue(inputs.column(Tables.QUERIES, "GQA/0-0", "image").startsWith("data:"));
  }

  @Test
  void refusesAFileThatIsNotParquet() {
    inputs.bytes("in/GQA/test-00000-of-00001.parquet", new byte[40]);

    String message = refused(InputFormat.MMEB_EVAL, "");

    assertTrue(message.contains("test-00000-of-00001.parquet: not a Parquet file: "), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void refusesAFolderWithoutParquet() {
    assertTrue(refused(InputFormat.MMEB_EVAL, "").endsWith("in: no Parquet files"));
  }

  private String refused(InputFormat format, String split) {
    return assertThrows(SettingsException.class, () -> ingest(format, split)).getMessage();
  }

  private String ingest(InputFormat format, String split) {
    return inputs.ingest(format, "in", split, 1, 1000).result().summary();
  }

  /** Writes one file. */
  private void parquet(String name, StructType columns, Row... rows) {
    Path made = folder.resolve("made");
    TestSpark.session()
        .createDataFrame(Arrays.asList(rows), columns)
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(made.toString());
    try (Stream<Path> parts = Files.list(made)) {
      Path part = parts.filter(p -> p.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.move(part, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Row eval(String query, String image, String... targets) {
    List<String> images = new ArrayList<>();
    for (int i = 0; i < targets.length; i++) {
      images.add("");
    }
    return RowFactory.create("", query, image, targets, images.toArray());
  }

  private static Row train(String... values) {
    return RowFactory.create((Object[]) values);
  }

  private static String candidate(String dataset, String text) {
    return dataset + "/" + ContentId.of(text, null);
  }

  private static List<String> sorted(String... rows) {
    return Stream.of(rows).sorted().toList();
  }
}
