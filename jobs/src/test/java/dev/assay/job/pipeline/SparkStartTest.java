package dev.assay.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.assay.job.TestSpark;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SparkStartTest {
  private static final String CLUSTER = "spark://host:7077";

  @Test
  void theUsersSettingsWin() {
    String name = "spark.locality.wait";
    assertEquals("0s", new SparkStart(null, Map.of()).settings(CLUSTER).get(name));
    assertEquals("5s", new SparkStart(null, Map.of(name, "5s")).settings(CLUSTER).get(name));
  }

  @Test
  void onlyLocalModeChoosesPartitionsByTheCoresOfThisMachine() {
    SparkStart start = new SparkStart(null, Map.of());
    String name = "spark.sql.shuffle.partitions";
    int cores = Runtime.getRuntime().availableProcessors();
    assertEquals(Integer.toString(4 * cores), start.settings("local[*]").get(name));
    assertFalse(start.settings(CLUSTER).containsKey(name));
  }

  @Test
  void fewRowsThatAreKeptAreOnePartAndNotAsManyAsTheirShuffle() {
    SparkSession session = TestSpark.session().newSession();
    new SparkStart(null, Map.of())
        .settings(CLUSTER).entrySet().stream()
            .filter(entry -> session.conf().isModifiable(entry.getKey()))
            .forEach(entry -> session.conf().set(entry.getKey(), entry.getValue()));
    session.conf().set("spark.sql.shuffle.partitions", 50);
    Dataset<Row> kept = session.range(100).selectExpr("id % 40 k").groupBy("k").count().persist();
    try {
      assertEquals(40, kept.count());
      assertEquals(1, kept.rdd().getNumPartitions());
    } finally {
      kept.unpersist();
    }
  }
}
