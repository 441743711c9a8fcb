package dev.assay.job.evaluate.figures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final Bootstrap BOOTSTRAP = new Bootstrap(1000, 0);

  @Test
  void percentilesEqualNumpys() throws IOException {
    JsonNode expected = MetricTest.fixtures().path("percentiles");
    double[] values = new double[expected.path("values").size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = expected.path("values").get(i).doubleValue();
    }
    Estimate estimate = new Estimate(0, values);
    assertEquals(expected.path("low").doubleValue(), estimate.low(), 1e-12);
    assertEquals(expected.path("high").doubleValue(), estimate.high(), 1e-12);
  }

  @Test
  void theSameSeedGivesTheSameIntervalAndAnotherAnother() {
    double[][] values = {coins(new Random(1), 100, 0.6)};
    double[] first = BOOTSTRAP.means("a", values)[0].resamples();
    assertArrayEquals(first, BOOTSTRAP.means("a", values)[0].resamples());
    assertFalse(Arrays.equals(first, new Bootstrap(1000, 1).means("a", values)[0].resamples()));
    assertFalse(Arrays.equals(first, BOOTSTRAP.means("b", values)[0].resamples()));
  }

  @Test
  void coversTheTrueValueAtAboutItsLevel() {
    Random random = new Random(2);
    int covered = 0;
    for (int i = 0; i < 200; i++) {
      Estimate estimate =
          BOOTSTRAP.means("world " + i, new double[][] {coins(random, 150, 0.7)})[0];
      covered += estimate.low() <= 0.7 && 0.7 <= estimate.high() ? 1 : 0;
    }
    assertTrue(covered >= 180 && covered <= 199, "covered " + covered + " of 200");
  }

  @Test
  void theIntervalIsAsWideAsTheStandardErrorSays() {
    Estimate estimate = BOOTSTRAP.means("a", new double[][] {coins(new Random(4), 1000, 0.5)})[0];
    double error = Math.sqrt(estimate.value() * (1 - estimate.value()) / 1000);
    assertEquals(2 * 1.96 * error, estimate.high() - estimate.low(), 0.2 * error);
  }

  @Test
  void differencesArePaired() {
    double[] base = coins(new Random(5), 300, 0.5);
    double[] better = base.clone();
    for (int i = 0; i < 30; i++) {
      better[i] = 1;
    }
    Estimate difference =
        BOOTSTRAP.means("a", new double[][] {better})[0].minus(
            BOOTSTRAP.means("a", new double[][] {base})[0]);
    double gain = DoubleStream.of(better).sum() / 300 - DoubleStream.of(base).sum() / 300;
    assertEquals(gain, difference.value(), 1e-12);
    assertTrue(difference.low() >= 0, "no query became worse");
    assertTrue(difference.high() - difference.low() < 0.06);
    Estimate same = BOOTSTRAP.means("a", new double[][] {base})[0];
    assertEquals(0, same.minus(same).high());
  }

  @Test
  void aMeanOverDatasetsCountsEachTheSame() {
    Estimate small = BOOTSTRAP.means("small", new double[][] {{1, 1}})[0];
    Estimate large = BOOTSTRAP.means("large", new double[][] {new double[100]})[0];
    Estimate mean = Estimate.mean(List.of(small, large));
    assertEquals(0.5, mean.value());
    assertEquals(0.5, mean.low());
    assertEquals(0.5, mean.high());
  }

  private static double[] coins(Random random, int count, double share) {
    return random.doubles(count).map(x -> x < share ? 1 : 0).toArray();
  }

  @Test
  void resamplesOfNeighbouringSeedsAreUnrelated() {
    double[][] values = {IntStream.range(0, 200).mapToDouble(i -> i).toArray()};
    double[] zero = new Bootstrap(1000, 0).means("set", values)[0].resamples();
    double[] one = new Bootstrap(1000, 1).means("set", values)[0].resamples();
    double correlation = correlation(zero, one);
    assertTrue(Math.abs(correlation) < 0.15, "correlation " + correlation);
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElseThrow();
    double meanB = Arrays.stream(b).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }
}
