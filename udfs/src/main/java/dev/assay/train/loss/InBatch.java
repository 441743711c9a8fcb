package dev.assay.train.loss;

import dev.assay.math.LogSoftmax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * InfoNCE over the candidates of the whole batch: each query has to choose its own positive among
 * the positives and negatives of all queries. If the examples have no negatives, this is the usual
 * loss on in-batch negatives.
 *
 * @param temperature &tau;
 * @param target what has to be chosen
 */
public record InBatch(double temperature, Target target) implements ContrastiveLoss {
  private static final long serialVersionUID = 1L;

  /** What has to be chosen. */
  public enum Target {
    /** A query's own positive. */
    POSITIVE,

    /** Also, by each positive, its query among all queries. The loss is the mean of the two. */
    POSITIVE_AND_BACK,

    /**
     * A query's own candidates with the probabilities P = softmax(scores / &tau;), and the
     * candidates of other queries with probability 0. The loss is KL(P&#8214;Q), with Q over the
     * whole batch.
     */
    SCORES
  }

  public InBatch {
    OwnCandidates.requirePositive(temperature);
  }

  @Override
  public boolean acrossQueries() {
    return true;
  }

  @Override
  public Value of(float[][] queries, float[][][] candidates, float[][] scores) {
    double[][] q = doubles(Arrays.asList(queries)); // [n][d]
    double[][] c = doubles(columns(candidates)); // [m][d]: the n positives, then the negatives
    double[][] slope = MatrixProduct.of(q, MatrixProduct.transposed(c)); // cosines, at first
    boolean back = target == Target.POSITIVE_AND_BACK;
    double[][] turned = back ? positives(slope) : null;
    double share = back ? 0.5 : 1;
    double sum =
        choose(slope, target == Target.SCORES ? likely(scores) : certain(slope.length), share);
    if (back) {
      sum += choose(turned, certain(turned.length), share);
      for (int i = 0; i < slope.length; i++) {
        for (int j = 0; j < turned.length; j++) {
          slope[i][j] += turned[j][i];
        }
      }
    }
    float[][] ofQueries = floats(MatrixProduct.of(slope, c));
    float[][] ofColumns = floats(MatrixProduct.of(MatrixProduct.transposed(slope), q));
    return new Value(sum, ofQueries, perQuery(ofColumns, candidates));
  }

  /** Probability 1 for the first of each row's own candidates. */
  private static double[][] certain(int rows) {
    double[][] certain = new double[rows][];
    Arrays.fill(certain, new double[] {1});
    return certain;
  }

  private double[][] likely(float[][] scores) {
    double[][] likely = doubles(Arrays.asList(scores));
    for (int i = 0; i < likely.length; i++) {
      likely[i] = Arrays.stream(LogSoftmax.of(likely[i], temperature)).map(Math::exp).toArray();
    }
    return likely;
  }

  /**
   * The cross-entropy of each row's choice, minus the entropy of the wanted one.
   *
   * @param rows cosines, replaced by the derivative of the loss at each
   * @param wanted for each row the probabilities of its own columns: row i owns column i, and its
   *     negatives, whose columns follow the first n
   * @param share factor of this loss within the whole one
   */
  private double choose(double[][] rows, double[][] wanted, double share) {
    double sum = 0;
    int negative = rows.length;
    for (int i = 0; i < rows.length; i++) {
      double[] row = rows[i];
      double[] log = LogSoftmax.of(row, temperature);
      for (int j = 0; j < row.length; j++) {
        row[j] = Math.exp(log[j]);
      }
      for (int own = 0; own < wanted[i].length; own++) {
        int column = own == 0 ? i : negative++;
        double p = wanted[i][own];
        row[column] -= p;
        sum += p == 0 ? 0 : share * p * (Math.log(p) - log[column]);
      }
      for (int j = 0; j < row.length; j++) {
        row[j] *= share / temperature;
      }
    }
    return sum;
  }

  /** Cosines of each positive to all queries: {@code [n][n]}. */
  private static double[][] positives(double[][] cosines) {
    double[][] turned = new double[cosines.length][cosines.length];
    for (int i = 0; i < turned.length; i++) {
      for (int j = 0; j < turned.length; j++) {
        turned[j][i] = cosines[i][j];
      }
    }
    return turned;
  }

  private static List<float[]> columns(float[][][] candidates) {
    List<float[]> columns = new ArrayList<>();
    for (float[][] own : candidates) {
      columns.add(own[0]);
    }
    for (float[][] own : candidates) {
      columns.addAll(Arrays.asList(own).subList(1, own.length));
    }
    return columns;
  }

  /** The inverse of {@link #columns}. */
  private static float[][][] perQuery(float[][] columns, float[][][] candidates) {
    float[][][] own = new float[candidates.length][][];
    int at = candidates.length;
    for (int i = 0; i < own.length; i++) {
      own[i] = new float[candidates[i].length][];
      own[i][0] = columns[i];
      for (int c = 1; c < own[i].length; c++) {
        own[i][c] = columns[at++];
      }
    }
    return own;
  }

  private static double[][] doubles(List<float[]> rows) {
    double[][] wide = new double[rows.size()][];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = new double[rows.get(i).length];
      for (int j = 0; j < wide[i].length; j++) {
        wide[i][j] = rows.get(i)[j];
      }
    }
    return wide;
  }

  private static float[][] floats(double[][] rows) {
    float[][] narrow = new float[rows.length][];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = new float[rows[i].length];
      for (int j = 0; j < narrow[i].length; j++) {
        narrow[i][j] = (float) rows[i][j];
      }
    }
    return narrow;
  }
}
