package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.config.DecoderConfig;
import dev.assay.checkpoint.config.VisionConfig;
import dev.assay.kernels.Kernels;
import dev.assay.prompt.Grid;
import java.util.List;

/** Rotary position embedding over several axes: each frequency uses the position on one axis. */
final class Rotary {
  private final NDArray frequencies;
  private final NDArray axis;

  private Rotary(NDManager owner, float[] frequencies, long[] axis) {
    this.frequencies = owner.create(frequencies);
    this.axis = owner.create(axis);
  }

  /** M-RoPE: one section of the frequencies for each of time, height and width. */
  static Rotary of(DecoderConfig config, NDManager owner) {
    int half = config.headWidth() / 2;
    long[] axis = new long[half];
    int i = 0;
    for (int a = 0; a < config.ropeSections().size(); a++) {
      for (int n = 0; n < config.ropeSections().get(a); n++) {
        axis[i++] = a;
      }
    }
    return new Rotary(owner, frequencies(config.ropeTheta(), half), axis);
  }

  /** For the vision tower: half of the frequencies use the row, half the column. */
  static Rotary of(VisionConfig config, NDManager owner) {
    int quarter = config.headWidth() / 4;
    float[] once = frequencies(10_000, quarter);
    float[] twice = new float[2 * quarter];
    long[] axis = new long[2 * quarter];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = once[i % quarter];
      axis[i] = i / quarter;
    }
    return new Rotary(owner, twice, axis);
  }

  private static float[] frequencies(double theta, int count) {
    float[] frequencies = new float[count];
    for (int i = 0; i < count; i++) {
      frequencies[i] = 1f / (float) Math.pow(theta, (float) i / count);
    }
    return frequencies;
  }

  /**
   * Cosines and sines, each {@code [n, head width]}, in float32.
   *
   * @param positions {@code [axes][n]}
   */
  NDList at(NDManager scope, Kernels kernels, float[][] positions) {
    int n = positions[0].length;
    float[] flat = new float[positions.length * n];
    for (int a = 0; a < positions.length; a++) {
      System.arraycopy(positions[a], 0, flat, a * n, n);
    }
    try (NDArray array = scope.create(flat, new Shape(positions.length, n))) {
      return kernels.run(scope, "rotary", array, frequencies, axis);
    }
  }

  /** Row and column of every patch, in the order the image processor gives them. */
  static float[][] patchPositions(List<Grid> images, int merge) {
    int n = images.stream().mapToInt(Grid::patches).sum();
    float[][] positions = new float[2][n];
    int i = 0;
    for (Grid grid : images) {
      for (int top = 0; top < grid.rows(); top += merge) {
        for (int left = 0; left < grid.columns(); left += merge) {
          for (int p = 0; p < merge * merge; p++) {
            positions[0][i] = top + p / merge;
            positions[1][i++] = left + p % merge;
          }
        }
      }
    }
    return positions;
  }
}
