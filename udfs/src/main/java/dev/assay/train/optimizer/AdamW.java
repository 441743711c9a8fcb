package dev.assay.train.optimizer;

import dev.assay.model.training.Parameter;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Adam with decoupled weight decay (arXiv 1711.05101), computed as {@code torch.optim.AdamW} does:
 * in float32, with decay of every parameter, and with epsilon added after the bias correction of
 * the root.
 *
 * <p>Elements are independent, so they are updated in parallel, and the result has the same bits on
 * any number of cores.
 */
public final class AdamW {
  /**
   * The settings of a run.
   *
   * @param weightDecay in each step values shrink by this times the learning rate
   */
  public record Settings(double beta1, double beta2, double epsilon, double weightDecay)
      implements Serializable {
    public Settings {
      if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
        throw new IllegalArgumentException(
            "betas are " + beta1 + " and " + beta2 + ", but must be at least 0 and below 1");
      }
      if (!(epsilon >= 0) || !(weightDecay >= 0)) {
        throw new IllegalArgumentException(
            "epsilon is "
                + epsilon
                + " and weight decay is "
                + weightDecay
                + ", but both must be at least 0");
      }
    }

    /** With the betas and epsilon that are the defaults of torch. */
    public static Settings decaying(double weightDecay) {
      return new Settings(0.9, 0.999, 1e-8, weightDecay);
    }
  }

  /**
   * The state between two steps.
   *
   * @param steps how many were taken
   * @param means {@code [parameter][element]}: running means of gradients ({@code exp_avg})
   * @param squares running means of their squares ({@code exp_avg_sq})
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record State(long steps, float[][] means, float[][] squares) {
    /**
     * The state before the first step.
     *
     * @param sizes of each array of values
     */
    public static State first(int... sizes) {
      return new State(0, zeros(sizes), zeros(sizes));
    }

    private static float[][] zeros(int... sizes) {
      return Arrays.stream(sizes).mapToObj(float[]::new).toArray(float[][]::new);
    }
  }

  private final Settings settings;
  private final float[][] means;
  private final float[][] squares;
  private long steps;

  /** An optimizer before its first step. */
  public AdamW(Settings settings, List<Parameter> parameters) {
    this(settings, State.first(parameters.stream().mapToInt(Parameter::size).toArray()));
  }

  /** An optimizer that continues from a state. It changes the arrays of the state in place. */
  public AdamW(Settings settings, State state) {
    this.settings = settings;
    this.means = state.means();
    this.squares = state.squares();
    this.steps = state.steps();
  }

  /** The state that a checkpoint has to hold. Its arrays change with the next step. */
  public State state() {
    return new State(steps, means, squares);
  }

  /**
   * Takes one step.
   *
   * @param values {@code [parameter][element]}: changed in place
   * @param gradients of the same shapes
   * @param rate the learning rate of this step
   */
  public void step(float[][] values, float[][] gradients, double rate) {
    steps++;
    double correction1 = 1 - Math.pow(settings.beta1(), steps);
    double correction2 = 1 - Math.pow(settings.beta2(), steps);
    float decay = (float) (1 - rate * settings.weightDecay());
    float stepSize = (float) (rate / correction1);
    float root2 = (float) Math.sqrt(correction2);
    IntStream.range(0, values.length)
        .parallel()
        .forEach(p -> update(values[p], gradients[p], p, decay, stepSize, root2));
  }

  private void update(
      float[] values, float[] gradients, int parameter, float decay, float stepSize, float root2) {
    float[] mean = means[parameter];
    float[] square = squares[parameter];
    float new1 = (float) (1 - settings.beta1());
    float new2 = (float) (1 - settings.beta2());
    float old2 = (float) settings.beta2();
    float epsilon = (float) settings.epsilon();
    for (int i = 0; i < values.length; i++) {
      float g = gradients[i];
      mean[i] += new1 * (g - mean[i]);
      square[i] = square[i] * old2 + new2 * g * g;
      float root = (float) Math.sqrt(square[i]) / root2 + epsilon;
      values[i] = values[i] * decay - stepSize * mean[i] / root;
    }
  }
}
