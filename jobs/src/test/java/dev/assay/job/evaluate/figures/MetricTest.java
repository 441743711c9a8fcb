package dev.assay.job.evaluate.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.job.TestSpark;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.evaluation.RankingMetrics;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

class MetricTest {
  @Test
  void ndcgAndReciprocalRankEqualScikitLearns() throws IOException {
    int compared = 0;
    for (JsonNode ranking : fixtures().path("rankings")) {
      int[] ranks = new int[ranking.path("ranks").size()];
      for (int i = 0; i < ranks.length; i++) {
        ranks[i] = ranking.path("ranks").get(i).intValue();
      }
      double ndcg = ranking.path("ndcg").doubleValue();
      double reciprocal = ranking.path("reciprocal_rank").doubleValue();
      assertEquals(ndcg, Metric.NDCG_AT_10.of(ranks, ranks.length), 1e-12, ranking::toString);
      assertEquals(reciprocal, Metric.MRR.of(ranks, ranks.length), 1e-12, ranking::toString);
      compared++;
    }
    assertEquals(68, compared);
  }

  @Test
  void meansEqualMllibsWhereTheDefinitionsMeet() {
    Random random = new Random(3);
    List<int[]> all = new ArrayList<>();
    List<int[]> single = new ArrayList<>();
    for (int q = 0; q < 200; q++) {
      all.add(ranks(random, 1 + random.nextInt(12)));
      single.add(ranks(random, 1));
    }

    assertEquals(mllib(all).ndcgAt(10), mean(Metric.NDCG_AT_10, all), 1e-12);
    assertEquals(mllib(single).recallAt(1), mean(Metric.RECALL_AT_1, single), 1e-12);
    assertEquals(mllib(single).recallAt(5), mean(Metric.RECALL_AT_5, single), 1e-12);
    assertEquals(mllib(single).recallAt(10), mean(Metric.RECALL_AT_10, single), 1e-12);
    assertEquals(mllib(single).meanAveragePrecision(), mean(Metric.MRR, single), 1e-12);
  }

  @Test
  void recallGrowsWithKAndNoMetricExceedsOne() {
    Random random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      int[] ranks = ranks(random, random.nextInt(5));
      double first = Metric.RECALL_AT_1.of(ranks, 5);
      double five = Metric.RECALL_AT_5.of(ranks, 5);
      double ten = Metric.RECALL_AT_10.of(ranks, 5);
      assertTrue(first <= five && five <= ten);
      assertTrue(first <= Metric.MRR.of(ranks, 5) && Metric.MRR.of(ranks, 5) <= 1);
      assertTrue(Metric.NDCG_AT_10.of(ranks, 5) <= 1 + 1e-12);
      assertEquals(ten == 0, Metric.NDCG_AT_10.of(ranks, 5) == 0);
    }
  }

  @Test
  void anItemThatWasNotRetrievedScoresZero() {
    for (Metric metric : Metric.values()) {
      assertEquals(0, metric.of(new int[0], 3), metric.label());
    }
    assertEquals(1, Metric.NDCG_AT_10.of(IntStream.range(0, 12).toArray(), 12), 1e-12);
  }

  static JsonNode fixtures() throws IOException {
    try (InputStream in = MetricTest.class.getResourceAsStream("metrics.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static int[] ranks(Random random, int positives) {
    return random.ints(0, 30).distinct().limit(positives).sorted().toArray();
  }

  private static double mean(Metric metric, List<int[]> rankings) {
    return rankings.stream().mapToDouble(r -> metric.of(r, r.length)).average().orElseThrow();
  }

  /** Items are called by their ranks. */
  private static RankingMetrics<Integer> mllib(List<int[]> rankings) {
    List<Tuple2<List<Integer>, List<Integer>>> pairs = new ArrayList<>();
    for (int[] ranks : rankings) {
      pairs.add(
          new Tuple2<>(
              IntStream.range(0, 30).boxed().toList(), IntStream.of(ranks).boxed().toList()));
    }
    JavaRDD<Tuple2<List<Integer>, List<Integer>>> rdd =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext()).parallelize(pairs);
    return RankingMetrics.of(rdd);
  }
}
