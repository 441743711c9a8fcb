package dev.assay.job.train.run;

import ai.djl.Device;
import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.model.training.Parameter;
import dev.assay.model.training.Piece;
import dev.assay.train.EmbeddingReplica;
import dev.assay.train.loss.ContrastiveLoss;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.compute.ReplicaFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;

/**
 * A model small enough to check by hand: {@code y = W x}, half the squared error as its loss.
 * Beside W there are parameters that only cost, so that gradients have several slices.
 */
final class LeastSquares implements EmbeddingReplica<LeastSquares.Example> {
  static final int IN = 6;
  static final int OUT = 4;
  private static final int BALLAST = 300_000;
  static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("first", List.of((long) BALLAST)),
          new Parameter("w", List.of((long) OUT, (long) IN)),
          new Parameter("last", List.of(3L, (long) BALLAST / 3)));

  /**
   * A row.
   *
   * @param deadly a file: whoever finds it missing makes it, and ends its JVM
   */
  record Row(String id, String deadly, boolean broken) implements TrainingRow {}

  /** What a row stands for. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Example(Row row, float[] x, float[] y) {
    /** A query and three candidates. */
    float[][] items() {
      SplittableRandom random = new SplittableRandom(row.id().hashCode());
      return new float[][] {x, numbers(IN, random), numbers(IN, random), numbers(IN, random)};
    }
  }

  /** Opens one anywhere. */
  record Factory(double noise) implements ReplicaFactory<Example> {
    @Override
    public String location() {
      return "least-squares";
    }

    @Override
    public LeastSquares open(Placement placement, Configuration hadoop) {
      if (!placement.device().equals(Device.cpu())) {
        throw new IllegalArgumentException("no least squares on " + placement.device());
      }
      if (noise < 0) {
        throw new IllegalArgumentException("noise is " + noise + ", below 0");
      }
      return new LeastSquares(noise);
    }
  }

  private final double noise;
  private final float[][] values = new float[PARAMETERS.size()][];
  private final float[][] sum = zeros();

  private LeastSquares(double noise) {
    this.noise = noise;
  }

  static Example example(Row row) {
    SplittableRandom random = new SplittableRandom(31L * row.id().hashCode());
    float[] x = numbers(IN, random);
    if (row.broken()) {
      x[1] = Float.NaN;
    }
    return new Example(row, x, numbers(OUT, random));
  }

  private static float[] numbers(int n, SplittableRandom random) {
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = (float) (random.nextDouble() * 2 - 1);
    }
    return numbers;
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public float[][] initialValues(List<Piece> pieces) {
    SplittableRandom random = new SplittableRandom(5);
    float[][] all = PARAMETERS.stream().map(p -> numbers(p.size(), random)).toArray(float[][]::new);
    return cut(all, pieces);
  }

  private static float[][] cut(float[][] all, List<Piece> pieces) {
    return pieces.stream()
        .map(piece -> Arrays.copyOfRange(all[piece.parameter()], piece.from(), piece.to()))
        .toArray(float[][]::new);
  }

  @Override
  public void set(List<Piece> pieces, float[][] some) {
    for (int i = 0; i < some.length; i++) {
      Piece piece = pieces.get(i);
      int size = PARAMETERS.get(piece.parameter()).size();
      if (piece.from() == 0) {
        values[piece.parameter()] = new float[size];
        sum[piece.parameter()] = new float[size];
      }
      System.arraycopy(some[i], 0, values[piece.parameter()], piece.from(), piece.length());
    }
  }

  @Override
  public float[][] takeGradients(List<Piece> pieces) {
    float[][] taken = cut(sum, pieces);
    for (Piece piece : pieces) {
      Arrays.fill(sum[piece.parameter()], piece.from(), piece.to(), 0);
    }
    return taken;
  }

  @Override
  public double addGradients(List<Example> examples, long seed) {
    double loss = 0;
    SplittableRandom chance = new SplittableRandom(seed);
    for (Example example : examples) {
      die(example.row());
      float[] error = times(values[1], example.x());
      for (int o = 0; o < OUT; o++) {
        error[o] += (float) (noise * chance.nextDouble()) - example.y()[o];
        loss += 0.5 * error[o] * error[o];
      }
      outer(sum[1], error, example.x());
      for (int p = 0; p < sum.length; p += 2) {
        for (int i = 0; i < sum[p].length; i++) {
          sum[p][i] += values[p][i] * example.x()[i % IN];
        }
      }
    }
    return loss;
  }

  @Override
  public float[][][] embed(List<Example> examples, long seed) {
    return examples.stream()
        .map(
            example ->
                Arrays.stream(example.items())
                    .map(item -> times(values[1], item))
                    .toArray(float[][]::new))
        .toArray(float[][][]::new);
  }

  @Override
  public void addGradients(List<Example> examples, long seed, ContrastiveLoss.Value upstream) {
    for (int e = 0; e < examples.size(); e++) {
      float[][] items = examples.get(e).items();
      outer(sum[1], upstream.queries()[e], items[0]);
      for (int i = 1; i < items.length; i++) {
        outer(sum[1], upstream.candidates()[e][i - 1], items[i]);
      }
    }
  }

  @Override
  public void close() {}

  private static float[][] zeros() {
    return PARAMETERS.stream().map(p -> new float[p.size()]).toArray(float[][]::new);
  }

  private static float[] times(float[] w, float[] x) {
    float[] y = new float[OUT];
    for (int o = 0; o < OUT; o++) {
      for (int i = 0; i < IN; i++) {
        y[o] += w[o * IN + i] * x[i];
      }
    }
    return y;
  }

  private static void outer(float[] sum, float[] y, float[] x) {
    for (int o = 0; o < OUT; o++) {
      for (int i = 0; i < IN; i++) {
        sum[o * IN + i] += y[o] * x[i];
      }
    }
  }

  private static void die(Row row) {
    if (row.deadly() == null) {
      return;
    }
    try {
      Files.createFile(Path.of(row.deadly()));
      Runtime.getRuntime().halt(1);
    } catch (FileAlreadyExistsException e) {
      // Somebody has died of it.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
