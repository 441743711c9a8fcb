package dev.assay.job.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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

  static JudgeQuality of(List<Ranked> judged) {
    long met = judged.stream().filter(Ranked::met).count();
    return new JudgeQuality(judged.size(), met, auc(judged, met), bins(judged));
  }

  /** The share of met and unmet pairs in the right order; those of equal margin count half. */
  private static double auc(List<Ranked> judged, long met) {
    List<Ranked> ascending =
        judged.stream().sorted(Comparator.comparingDouble(Ranked::margin)).toList();
    long twice = 0;
    long lower = 0;
    int to = 0;
    while (to < ascending.size()) {
      int from = to;
      float margin = ascending.get(from).margin();
      long metHere = 0;
      while (to < ascending.size() && ascending.get(to).margin() == margin) {
        metHere += ascending.get(to++).met() ? 1 : 0;
      }
      long unmetHere = to - from - metHere;
      twice += metHere * (2 * lower + unmetHere);
      lower += unmetHere;
    }
    return twice / (2.0 * met * (judged.size() - met));
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
