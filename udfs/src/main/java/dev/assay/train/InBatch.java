package dev.assay.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * InfoNCE over the candidates of the whole batch: each query is to choose its own positive among
 * the positives and the negatives of all queries. With examples that bring no negatives this is the
 * usual loss on in-batch negatives.
 *
 * @param temperature &tau;
 * @param bothWays whether each positive is to choose its query among all queries as well; the loss
 *     is then the mean of the two
 */
public record InBatch(double temperature, boolean bothWays) implements ContrastiveLoss {
  private static final long serialVersionUID = 1L;

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
    double[][] turned = bothWays ? positives(slope) : null;
    double share = bothWays ? 0.5 : 1;
    double sum = choose(slope, share);
    if (bothWays) {
      sum += choose(turned, share);
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

  /**
   * Cross-entropy of each row, whose own number is the right column.
   *
   * @param rows cosines, replaced by the slope of the loss at each
   * @param share of the whole loss
   */
  private double choose(double[][] rows, double share) {
    double sum = 0;
    for (int i = 0; i < rows.length; i++) {
      double[] row = rows[i];
      double[] log = LogSoftmax.of(row, temperature);
      sum -= share * log[i];
      for (int j = 0; j < row.length; j++) {
        row[j] = share * (Math.exp(log[j]) - (i == j ? 1 : 0)) / temperature;
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

  /** What {@link #columns} did, undone. */
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
