package dev.assay.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void showsDoneTotalRateAndTimeLeft() {
    assertEquals(
        "judge  1,234/12,250 pairs  10%  17.3 pairs/s  10m 37s left",
        ProgressLine.of("judge", "pairs", 0, 1234, 12250, 71.4));
    assertEquals(
        "judge  0/10 pairs  0%  0.0 pairs/s", ProgressLine.of("judge", "pairs", 0, 0, 10, 5));
    assertEquals(
        "judge  10/10 pairs  100%  0.0 pairs/s  2h 5m in all",
        ProgressLine.of("judge", "pairs", 0, 10, 10, 7500));
  }

  @Test
  void theRateIsOfThisRunWhereAnEarlierOneWasStopped() {
    assertEquals(
        "train-embedder  300/400 steps  75%  2.0 steps/s  50s left",
        ProgressLine.of("train-embedder", "steps", 200, 300, 400, 50));
  }

  @Test
  void countsWhatRunningTasksHaveDone() {
    SparkSession spark = TestSpark.session();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    try (Progress progress = new Progress(spark, out, "test", Duration.ofMillis(100));
        Progress.Work work = progress.start("rows", 2)) {
      LongAccumulator counter = work.counter();
      spark
          .range(0, 1, 1, 1)
          .foreachPartition(
              (ForeachPartitionFunction<Long>)
                  rows -> {
                    counter.add(1);
                    Thread.sleep(4_000);
                    counter.add(1);
                  });
    }

    String lines = printed.toString(StandardCharsets.UTF_8);
    assertTrue(lines.contains("test  1/2 rows  50%"), lines);
    assertTrue(lines.contains("test  2/2 rows  100%"), lines);
  }
}
