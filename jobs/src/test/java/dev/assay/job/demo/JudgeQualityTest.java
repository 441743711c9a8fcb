package dev.assay.job.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JudgeQualityTest {
  private static Ranked pair(double margin, boolean met) {
    return new Ranked("c", 0.5, (float) margin, met);
  }

  @Test
  void theAreaIsTheShareOfPairsInTheRightOrder() {
    Random random = new Random(7);
    List<Ranked> judged = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      boolean met = random.nextInt(4) == 0;
      judged.add(pair(Math.round(random.nextGaussian() * 4 + (met ? 3 : 0)), met)); // with ties
    }
    double right = 0;
    long both = 0;
    for (Ranked met : judged) {
      for (Ranked not : judged) {
        if (met.met() && !not.met()) {
          both++;
          right += Math.signum(met.margin() - not.margin()) / 2 + 0.5;
        }
      }
    }
    assertEquals(right / both, JudgeQuality.of(judged).auc(), 1e-9);
  }

  @Test
  void calibrationComparesScoresWithTruth() {
    // 0.881 said of four, three of them met; 0.119 said of two, none met.
    List<Ranked> judged =
        List.of(
            pair(2, true),
            pair(2, true),
            pair(2, true),
            pair(2, false),
            pair(-2, false),
            pair(-2, false));
    JudgeQuality quality = JudgeQuality.of(judged);
    assertEquals(2, quality.bins().size());
    assertEquals(0.75, quality.bins().get(1).share());
    assertEquals((4 * (0.8808 - 0.75) + 2 * 0.1192) / 6, quality.calibrationError(), 1e-4);
  }

  @Test
  void aucIsUndefinedWhereAllPairsMatch() {
    JudgeQuality quality = JudgeQuality.of(List.of(pair(1, true)));
    assertTrue(Double.isNaN(quality.auc()));
  }
}
