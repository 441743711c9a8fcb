package dev.assay.job.demo;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * How well the judge's scores agree with the truth.
 *
 * @param pairs the number of judged pairs
 * @param met the number of pairs in which the candidate truly meets the query
 * @param auc area under the ROC curve of the margin; NaN if all or none of the pairs are met
 * @param bins the calibration, by tenths of the score, lowest first
 */
record JudgeQuality(long pairs, long met, double auc, List<Bin> bins) {
  private static final int BINS = 10;

  /**
   * Pairs with scores in the same tenth.
   *
   * @param meanScore the mean of the scores
   * @param share the share of pairs that are truly met
   */
  record Bin(long pairs, double meanScore, double share) {}

  static JudgeQuality of(List<Ranked> judged, SparkSession spark) {
    long met = judged.stream().filter(Ranked::met).count();
    return new JudgeQuality(judged.size(), met, auc(judged, met, spark), bins(judged));
  }

  private static double auc(List<Ranked> judged, long met, SparkSession spark) {
    if (met == 0 || met == judged.size()) {
      return Double.NaN;
    }
    List<Tuple2<Object, Object>> scoreAndLabel = new ArrayList<>();
    for (Ranked pair : judged) {
      scoreAndLabel.add(new Tuple2<>((double) pair.margin(), pair.met() ? 1.0 : 0.0));
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return new BinaryClassificationMetrics(context.parallelize(scoreAndLabel).rdd()).areaUnderROC();
  }

  private static List<Bin> bins(List<Ranked> judged) {
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      int bin = i;
      List<Ranked> in = judged.stream().filter(r -> bin(r.score()) == bin).toList();
      if (!in.isEmpty()) {
        bins.add(
            new Bin(
                in.size(),
                in.stream().mapToDouble(Ranked::score).average().orElseThrow(),
                (double) in.stream().filter(Ranked::met).count() / in.size()));
      }
    }
    return bins;
  }

  private static int bin(double score) {
    return Math.min(BINS - 1, (int) (score * BINS));
  }

  /** Expected calibration error: the mean difference between score and share, over all pairs. */
  double calibrationError() {
    double sum = 0;
    for (Bin bin : bins) {
      sum += bin.pairs() * Math.abs(bin.meanScore() - bin.share());
    }
    return sum / pairs;
  }
}
