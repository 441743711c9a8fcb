package dev.assay.train.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.train.loss.ContrastiveLoss.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses and their gradients against torch's autograd, and what must hold of any of them. */
class ContrastiveLossTest {
  private static final double TOLERANCE = 1e-6;

  static Stream<ContrastiveLoss> losses() {
    return Stream.of(
        new DistributionAlignment(0.1),
        new DistributionAlignment(0.5),
        new OwnNegatives(0.1),
        new InBatch(0.1, InBatch.Target.POSITIVE),
        new InBatch(0.1, InBatch.Target.POSITIVE_AND_BACK),
        new InBatch(0.3, InBatch.Target.SCORES));
  }

  @Test
  void lossesAndGradientsEqualTorch() {
    int compared = 0;
    for (JsonNode entry : Fixtures.json("losses.json").get("cases")) {
      ContrastiveLoss loss = named(entry.get("loss").asText(), entry.get("temperature").asDouble());
      String name = loss + ", " + entry.get("name").asText();
      float[][] queries = matrix(entry.get("queries"));
      float[][][] candidates = matrices(entry.get("candidates"));

      Value value = loss.of(queries, candidates, matrix(entry.get("scores")));

      assertNear(entry.get("sum").asDouble(), value.sum(), name);
      for (int i = 0; i < queries.length; i++) {
        for (int d = 0; d < queries[i].length; d++) {
          assertNear(entry.at("/at_queries/" + i + "/" + d), value.queries()[i][d], name);
          for (int c = 0; c < candidates[i].length; c++) {
            JsonNode expected = entry.at("/at_candidates/" + i + "/" + c + "/" + d);
            assertNear(expected, value.candidates()[i][c][d], name);
          }
        }
      }
      compared++;
    }
    assertTrue(compared >= 15, "compared " + compared);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void gradientsAreTheSlopesOfTheLoss(ContrastiveLoss loss) {
    Batch batch = new Batch(new Random(3), 4, 3, 6);
    Value value = batch.value(loss);
    for (int i = 0; i < 4; i++) {
      for (int d = 0; d < 6; d++) {
        assertEquals(
            batch.slope(loss, batch.queries[i], d), value.queries()[i][d], 1e-3, "query " + i);
        for (int c = 0; c < 4; c++) {
          double slope = batch.slope(loss, batch.candidates[i][c], d);
          assertEquals(slope, value.candidates()[i][c][d], 1e-3, i + ", candidate " + c);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theOrderOfTheNegativesDoesNotMatter(ContrastiveLoss loss) {
    Batch batch = new Batch(new Random(5), 5, 6, 8);
    Value before = batch.value(loss);
    List<Integer> order = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6));
    Collections.shuffle(order, new Random(1));
    order.add(0, 0);
    Batch shuffled = batch.inOrder(order);

    Value after = shuffled.value(loss);

    assertEquals(before.sum(), after.sum(), 1e-9);
    for (int i = 0; i < 5; i++) {
      assertArrayEquals(before.queries()[i], after.queries()[i], 1e-5f);
      for (int c = 0; c < order.size(); c++) {
        assertArrayEquals(before.candidates()[i][order.get(c)], after.candidates()[i][c], 1e-5f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theLossesOfPartsAddUpUnlessItLooksAcrossQueries(ContrastiveLoss loss) {
    Batch batch = new Batch(new Random(7), 6, 2, 8);
    double parts = batch.part(0, 2).value(loss).sum() + batch.part(2, 6).value(loss).sum();
    double difference = Math.abs(batch.value(loss).sum() - parts);

    assertTrue(loss.acrossQueries() ? difference > 0.1 : difference < 1e-9, loss::toString);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theSameBitsOnAnyNumberOfCores(ContrastiveLoss loss) {
    Batch batch = new Batch(new Random(9), 67, 9, 33);
    Value alone = on(1, batch, loss);
    Value together = on(5, batch, loss);

    assertEquals(Double.doubleToLongBits(alone.sum()), Double.doubleToLongBits(together.sum()));
    assertTrue(Arrays.deepEquals(alone.queries(), together.queries()));
    assertTrue(Arrays.deepEquals(alone.candidates(), together.candidates()));
  }

  @Test
  void alignmentIsNoughtWhereCosinesAreTheScores() {
    Batch batch = new Batch(new Random(11), 5, 8, 16);
    float[][] cosines = new float[5][9];
    for (int i = 0; i < 5; i++) {
      for (int c = 0; c < 9; c++) {
        cosines[i][c] = (float) dot(batch.queries[i], batch.candidates[i][c]);
      }
    }
    Value value = new DistributionAlignment(0.02).of(batch.queries, batch.candidates, cosines);

    assertEquals(0, value.sum(), 1e-5);
    for (float[] gradient : value.queries()) {
      for (float slope : gradient) {
        assertEquals(0, slope, 1e-3);
      }
    }
  }

  @Test
  void aMatrixProductWiderThanATileIsThePlainOne() {
    Random random = new Random(13);
    double[][] a = gaussian(random, 19, 7);
    double[][] b = gaussian(random, 7, 1100);
    double[][] product = MatrixProduct.of(a, b);
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        double sum = 0;
        for (int k = 0; k < b.length; k++) {
          sum += a[i][k] * b[k][j];
        }
        assertEquals(sum, product[i][j], 0);
      }
    }
  }

  @Test
  void aTemperatureIsAboveZero() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new DistributionAlignment(wrong));
      assertThrows(IllegalArgumentException.class, () -> new OwnNegatives(wrong));
      assertThrows(
          IllegalArgumentException.class, () -> new InBatch(wrong, InBatch.Target.POSITIVE));
    }
  }

  private static Value on(int cores, Batch batch, ContrastiveLoss loss) {
    ForkJoinPool pool = new ForkJoinPool(cores);
    try {
      return pool.submit(() -> batch.value(loss)).join();
    } finally {
      pool.shutdown();
    }
  }

  private static ContrastiveLoss named(String name, double temperature) {
    return switch (name) {
      case "distribution-alignment" -> new DistributionAlignment(temperature);
      case "own-negatives" -> new OwnNegatives(temperature);
      case "in-batch" -> new InBatch(temperature, InBatch.Target.POSITIVE);
      case "in-batch-both-ways" -> new InBatch(temperature, InBatch.Target.POSITIVE_AND_BACK);
      case "in-batch-alignment" -> new InBatch(temperature, InBatch.Target.SCORES);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static void assertNear(JsonNode expected, double actual, String name) {
    assertTrue(expected.isNumber(), name);
    assertNear(expected.asDouble(), actual, name);
  }

  /** Gradients leave as float32: what is large may be off by its last digit. */
  private static void assertNear(double expected, double actual, String name) {
    assertEquals(expected, actual, TOLERANCE * Math.max(1, Math.abs(expected)), name);
  }

  private static float[][] matrix(JsonNode rows) {
    float[][] matrix = new float[rows.size()][];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = new float[rows.get(i).size()];
      for (int j = 0; j < matrix[i].length; j++) {
        matrix[i][j] = (float) rows.get(i).get(j).asDouble();
      }
    }
    return matrix;
  }

  private static float[][][] matrices(JsonNode nodes) {
    float[][][] matrices = new float[nodes.size()][][];
    for (int i = 0; i < matrices.length; i++) {
      matrices[i] = matrix(nodes.get(i));
    }
    return matrices;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double[][] gaussian(Random random, int rows, int columns) {
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return matrix;
  }

  /** Random unit vectors and scores. */
  private static final class Batch {
    final float[][] queries;
    final float[][][] candidates;
    final float[][] scores;

    Batch(float[][] queries, float[][][] candidates, float[][] scores) {
      this.queries = queries;
      this.candidates = candidates;
      this.scores = scores;
    }

    Batch(Random random, int count, int negatives, int width) {
      this(new float[count][], new float[count][1 + negatives][], new float[count][1 + negatives]);
      for (int i = 0; i < count; i++) {
        queries[i] = unit(random, width);
        for (int c = 0; c <= negatives; c++) {
          candidates[i][c] = unit(random, width);
          scores[i][c] = random.nextFloat();
        }
      }
    }

    private static float[] unit(Random random, int width) {
      double[] vector = gaussian(random, 1, width)[0];
      double norm = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
      float[] unit = new float[width];
      for (int i = 0; i < width; i++) {
        unit[i] = (float) (vector[i] / norm);
      }
      return unit;
    }

    Value value(ContrastiveLoss loss) {
      return loss.of(queries, candidates, scores);
    }

    Batch part(int from, int to) {
      return new Batch(
          Arrays.copyOfRange(queries, from, to),
          Arrays.copyOfRange(candidates, from, to),
          Arrays.copyOfRange(scores, from, to));
    }

    Batch inOrder(List<Integer> order) {
      Batch other =
          new Batch(
              queries,
              new float[queries.length][order.size()][],
              new float[queries.length][order.size()]);
      for (int i = 0; i < queries.length; i++) {
        for (int c = 0; c < order.size(); c++) {
          other.candidates[i][c] = candidates[i][order.get(c)];
          other.scores[i][c] = scores[i][order.get(c)];
        }
      }
      return other;
    }

    /** By a central difference, at one number of a vector of this batch. */
    double slope(ContrastiveLoss loss, float[] vector, int at) {
      float middle = vector[at];
      vector[at] = middle + 1e-3f;
      double right = vector[at];
      double above = value(loss).sum();
      vector[at] = middle - 1e-3f;
      double left = vector[at];
      double below = value(loss).sum();
      vector[at] = middle;
      return (above - below) / (right - left);
    }
  }
}
