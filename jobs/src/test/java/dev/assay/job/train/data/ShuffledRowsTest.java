package dev.assay.job.train.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.TestSpark;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.train.data.BatchStream.Position;
import dev.assay.job.train.data.ShuffledRows.Shuffle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShuffledRowsTest {
  @TempDir static Path folder;

  private static final String KEY = "batch-size";
  private static final String ITEM =
      "struct('text' as text, cast(null as string) as image, 'hash' as content_hash)";

  /** Queries of three datasets: 13 of a, 9 of b, 5 of c. */
  private static Dataset<Row> rows(int partitions) {
    return TestSpark.session()
        .range(0, 27, 1, partitions)
        .selectExpr(
            "concat('q', id) as query_id",
            "concat('p', id) as positive_id",
            "case when id < 13 then 'a' when id < 22 then 'b' else 'c' end as dataset",
            ITEM + " as query",
            "array(struct(0 as place, " + ITEM + " as item)) as items",
            "array(cast(0.5 as float)) as scores");
  }

  @Test
  void theOrderIsTheSameOnAnyNumberOfPartitions() {
    for (BatchMix mix : BatchMix.values()) {
      List<String> one = ids(shuffled(rows(1), mix, 5), 2);
      assertEquals(one, ids(shuffled(rows(4), mix, 5), 2));
    }
  }

  @Test
  void eachEpochAndEachSeedHasAnOrderOfItsOwn() {
    ShuffledRows rows = shuffled(rows(2), BatchMix.MIXED, 5);
    assertNotEquals(ids(rows, 0), ids(rows, 1));
    assertEquals(new TreeSet<>(ids(rows, 0)), new TreeSet<>(ids(rows, 1)));
    ShuffledRows other = shuffled(rows(2), new Shuffle(5, BatchMix.MIXED, 8));
    assertNotEquals(ids(rows, 0), ids(other, 0));
  }

  @Test
  void theOrderOfBatchesOfOneDatasetIsTheOneOfAllVersions() {
    assertEquals(
        "q5 q3 q12 q9 q1 q0 q8 q10 q13 q19 q20 q21 q7 q4 q11 q2 q23 q24 q26 q25 q15 q17 q16 q14",
        String.join(" ", ids(shuffled(rows(2), BatchMix.DATASET, 4), 2)));
  }

  @Test
  void anEpochIsWholeBatches() {
    assertEquals(25, shuffled(rows(2), BatchMix.MIXED, 5).length());
    assertEquals(20, shuffled(rows(2), BatchMix.DATASET, 5).length()); // 10, 5, 5
  }

  @Test
  void aBatchOfOneDatasetHasNoRowOfAnother() {
    ShuffledRows rows = shuffled(rows(3), BatchMix.DATASET, 4);
    List<String> ids = ids(rows, 1);
    assertEquals(rows.length(), ids.size());
    assertEquals(ids.size(), new HashSet<>(ids).size());
    for (int from = 0; from < ids.size(); from += 4) {
      long datasets =
          ids.subList(from, from + 4).stream().map(ShuffledRowsTest::dataset).distinct().count();
      assertEquals(1, datasets);
    }
    assertNotEquals("a a a b b c", datasets(ids)); // batches are shuffled too
  }

  private static String datasets(List<String> ids) {
    List<String> batches = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += 4) {
      batches.add(dataset(ids.get(from)));
    }
    return String.join(" ", batches);
  }

  private static String dataset(String id) {
    int number = Integer.parseInt(id.substring(1));
    return number < 13 ? "a" : number < 22 ? "b" : "c";
  }

  @Test
  void aDatasetThatFillsNoBatchOfItsOwnIsNamed() {
    SettingsException e =
        assertThrows(SettingsException.class, () -> shuffled(rows(2), BatchMix.DATASET, 6));
    assertTrue(e.getMessage().contains("dataset c has only 5 rows"), e.getMessage());
  }

  @Test
  void batchesGoOnWhereTheyStopped() {
    ShuffledRows rows = shuffled(rows(2), BatchMix.MIXED, 10); // two batches an epoch
    BatchStream<MinedRow> through = new BatchStream<>(rows, 10, Position.START);
    List<List<String>> all = new ArrayList<>();
    List<Position> positions = new ArrayList<>(List.of(Position.START));
    for (int b = 0; b < 5; b++) {
      all.add(through.next().stream().map(MinedRow::queryId).toList());
      positions.add(through.position());
    }
    assertEquals(new Position(2, 10), through.position());
    for (int b = 0; b < 5; b++) {
      BatchStream<MinedRow> resumed = new BatchStream<>(rows, 10, positions.get(b));
      assertEquals(all.get(b), resumed.next().stream().map(MinedRow::queryId).toList());
      assertEquals(positions.get(b + 1), resumed.position());
    }
  }

  @Test
  void theOrderIsThatOfAHashOfSeedEpochAndIds() {
    ShuffledRows rows = shuffled(rows(3), BatchMix.MIXED, 9);
    for (long epoch : new long[] {0, 3}) {
      List<String> sorted =
          rows(1)
              .orderBy(xxhash64(lit(7L), lit(epoch), col("query_id"), col("positive_id")))
              .select("query_id")
              .as(Encoders.STRING())
              .collectAsList();
      assertEquals(sorted, ids(rows, epoch));
    }
  }

  @Test
  void whatIsInOrderIsFoundAgainAndTheRowsBeforeAPlaceAreNotRead() {
    Shuffle shuffle = new Shuffle(5, BatchMix.MIXED, 7);
    String run = "found again";
    List<String> all = ids(shuffled(rows(3), shuffle, run), 1);
    String ids = "cast(raise_error('read again') as string)";
    Dataset<Row> unreadable = rows(1).withColumn("query_id", expr(ids));
    ShuffledRows again = shuffled(unreadable, shuffle, run);
    for (int from : new int[] {1, 24}) {
      assertEquals(all.subList(from, all.size()), ids(again, 1, from));
    }
  }

  @Test
  void aHalfWrittenOrderIsWrittenAgain() throws IOException {
    Shuffle shuffle = new Shuffle(5, BatchMix.MIXED, 7);
    List<String> all = ids(shuffled(rows(3), shuffle, "half"), 0);
    try (var files = Files.walk(folder)) {
      for (Path done : files.filter(file -> file.endsWith("_SUCCESS")).toList()) {
        Files.delete(done);
      }
    }
    assertEquals(all, ids(shuffled(rows(2), shuffle, "half"), 0));
  }

  @Test
  void epochsThatAreNotNeededAreNotPutInOrder() {
    ShuffledRows rows = shuffled(rows(2), BatchMix.MIXED, 10);
    assertEquals(ids(rows, 1), ids(rows.upTo(4), 1)); // two epochs
    assertEquals(ids(rows, 2), ids(rows.upTo(4), 2));
  }

  private static ShuffledRows shuffled(Dataset<Row> rows, BatchMix mix, int batch) {
    return shuffled(rows, new Shuffle(batch, mix, 7));
  }

  private static ShuffledRows shuffled(Dataset<Row> rows, Shuffle shuffle) {
    return shuffled(rows, shuffle, UUID.randomUUID().toString());
  }

  private static ShuffledRows shuffled(Dataset<Row> rows, Shuffle shuffle, String run) {
    var kept = new org.apache.hadoop.fs.Path(folder.toString());
    return ShuffledRows.of(rows, shuffle, new OrderFolder(kept, run, () -> {}), KEY);
  }

  private static List<String> ids(ShuffledRows rows, long epoch) {
    return ids(rows, epoch, 0);
  }

  private static List<String> ids(ShuffledRows rows, long epoch, long from) {
    List<String> ids = new ArrayList<>();
    rows.rows(epoch, from).forEachRemaining(row -> ids.add(row.queryId()));
    return ids;
  }
}
