package dev.assay.job.train.step;

import dev.assay.model.training.Parameter;
import dev.assay.train.Gradients;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/**
 * Gradients of some consecutive parameters, of one part of the batch.
 *
 * @param part index of the part
 * @param slice index of the slice
 * @param gradients with the loss and the number of examples of the whole part
 */
public record Slice(int part, int slice, Gradients gradients) implements Serializable {
  /** A slice with fewer numbers is not worth a task. */
  private static final long LEAST = 1 << 18;

  /**
   * Where slices of about equal size begin: indexes of parameters, and last their number.
   *
   * @param most how many slices there may be
   */
  public static int[] bounds(List<Parameter> parameters, int most) {
    long all = parameters.stream().mapToLong(Parameter::size).sum();
    long size = Math.max(LEAST, (all + most - 1) / most);
    List<Integer> bounds = new ArrayList<>(List.of(0));
    long filled = 0;
    for (int p = 0; p < parameters.size(); p++) {
      filled += parameters.get(p).size();
      if (filled >= size || p == parameters.size() - 1) {
        bounds.add(p + 1);
        filled = 0;
      }
    }
    return bounds.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Sorts by slice and then by part. */
  long key() {
    return (long) slice << Integer.SIZE | part;
  }

  static int ofKey(long key) {
    return (int) (key >>> Integer.SIZE);
  }

  /** The sum of one slice over several parts, which are given in their order. */
  static Slice sum(Iterator<Slice> parts) {
    Slice first = parts.next();
    Gradients sum = first.gradients();
    while (parts.hasNext()) {
      sum = sum.add(parts.next().gradients());
    }
    return new Slice(first.part(), first.slice(), sum);
  }

  /** Joins the slices of a sum. */
  static Gradients join(List<Slice> slices) {
    List<Slice> sorted = new ArrayList<>(slices);
    sorted.sort(Comparator.comparingInt(Slice::slice));
    float[][] values =
        sorted.stream()
            .flatMap(slice -> Arrays.stream(slice.gradients().values()))
            .toArray(float[][]::new);
    Gradients first = sorted.get(0).gradients();
    return new Gradients(values, first.loss(), first.examples());
  }
}
