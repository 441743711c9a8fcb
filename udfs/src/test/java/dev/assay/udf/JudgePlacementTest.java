package dev.assay.udf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/** Which pairs a task and a call get. */
class JudgePlacementTest extends JudgeOverFakeScorer {
  @Test
  void everyRowComesBackWithItsOwnMarginHoweverItWasPartitioned() {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      rows.add(pair("q" + random.nextInt(40), "c" + random.nextInt(200)));
    }
    Map<Integer, Float> expected = new HashMap<>();
    rows.forEach(r -> expected.put(r.getInt(0), FakeScorer.margin(r.getString(1), r.getString(3))));

    for (int partitions : new int[] {1, 2, 17}) {
      for (String order : new String[] {"query-first", "candidate-first"}) {
        Dataset<Row> scored =
            judge().setOrder(order).transform(pairs(rows).repartition(partitions));
        Map<Integer, Float> margins = new HashMap<>();
        for (Row row : scored.collectAsList()) {
          assertNull(margins.put(row.getInt(0), row.<Float>getAs("margin")), "a row twice");
        }
        assertEquals(expected, margins);
      }
    }
  }

  @Test
  void batchesAreTheSameHoweverTheRowsWerePartitioned() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(pair("q" + i % 3, "c" + i));
    }
    Map<Integer, List<FakeScorer.Call>> calls = new HashMap<>();
    for (int partitions : new int[] {1, 7}) {
      FakeScorer.CALLS.clear();
      judge().setBatchSize(16).transform(pairs(rows).repartition(partitions)).collectAsList();
      calls.put(partitions, sorted());
    }
    assertEquals(calls.get(1), calls.get(7));
    assertEquals(3 * 7, calls.get(1).size()); // 100 pairs a query: six batches of 16, one of 4
  }

  @Test
  void aSharedSideWithFewPairsIsScoredInOneCall() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(pair("q" + i % 10, "c" + i));
    }
    judge().transform(pairs(rows).repartition(9)).collectAsList();

    assertEquals(10, FakeScorer.CALLS.size());
    assertTrue(FakeScorer.CALLS.stream().allMatch(call -> call.others() == 50));
  }

  @Test
  void aSharedSideWithVeryManyPairsIsSpreadOverTasks() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      rows.add(pair("hub", "c" + i));
    }
    long tasks =
        judge()
            .setBatchSize(4) // blocks of 64 pairs
            .transform(pairs(rows))
            .select(functions.spark_partition_id())
            .distinct()
            .count();
    assertEquals(5, tasks);
  }

  @Test
  void sharedSidesWhoseOthersHaveTheSameImagesAreInOneTask() {
    List<Row> rows = new ArrayList<>();
    for (int query = 0; query < 80; query++) {
      for (int i = 0; i < 6; i++) {
        rows.add(pair("q" + query, null, "c", "image " + query % 10 + " " + i));
      }
    }
    Collections.shuffle(rows, new Random(3));
    long reads =
        judge()
            .setNumPartitions(10)
            .transform(pairs(rows))
            .select(functions.spark_partition_id(), functions.col("ci"))
            .distinct()
            .count();
    assertTrue(reads <= 1.5 * 60, reads + " images are in tasks, of 60"); // by hash: some 360
  }

  @Test
  void anImageIsTheSameByItsBytesAndATextWithAnotherImageIsAnotherSide() {
    List<Row> rows =
        List.of(
            pair("same", "x", "c1", null),
            pair("same", "x", "c2", null),
            pair("same", "y", "c3", null));
    judge().transform(pairs(rows)).collectAsList();

    assertEquals(2, FakeScorer.CALLS.size());
  }
}
