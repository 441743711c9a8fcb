package dev.assay.job.train.step;

import dev.assay.model.training.Parameter;
import dev.assay.model.training.Piece;
import dev.assay.train.Gradients;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gradients of some consecutive numbers, of one part of the batch.
 *
 * @param part index of the part
 * @param slice index of the slice
 * @param gradients with the loss and the number of examples of the whole part
 */
public record Slice(int part, int slice, Gradients gradients) implements Serializable {
  /**
   * Cuts parameters into slices of about equal size. Large parameters are in several slices.
   *
   * @param most how many slices there may be
   */
  public static List<List<Piece>> cut(List<Parameter> parameters, int most) {
    long all = parameters.stream().mapToLong(Parameter::size).sum();
    int size = Math.toIntExact(Math.max(Piece.BLOCK, (all + most - 1) / most));
    List<List<Piece>> slices = new ArrayList<>();
    List<Piece> slice = new ArrayList<>();
    int room = size;
    for (Piece whole : Piece.whole(parameters)) {
      for (int from = 0; from < whole.to(); ) {
        long fits = ((long) room + Piece.BLOCK - 1) / Piece.BLOCK * Piece.BLOCK;
        Piece piece = new Piece(whole.parameter(), from, (int) Math.min(whole.to(), from + fits));
        slice.add(piece);
        room -= piece.length();
        from = piece.to();
        if (room <= 0) {
          slices.add(List.copyOf(slice));
          slice.clear();
          room = size;
        }
      }
    }
    if (!slice.isEmpty()) {
      slices.add(List.copyOf(slice));
    }
    return List.copyOf(slices);
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

  /**
   * Joins the slices of a sum.
   *
   * @param cut how they were cut
   */
  static Gradients join(List<Slice> slices, List<List<Piece>> cut) {
    Map<Integer, List<float[]>> parameters = new TreeMap<>();
    for (Slice slice : slices.stream().sorted(Comparator.comparingInt(Slice::slice)).toList()) {
      List<Piece> pieces = cut.get(slice.slice());
      for (int i = 0; i < pieces.size(); i++) {
        parameters
            .computeIfAbsent(pieces.get(i).parameter(), p -> new ArrayList<>())
            .add(slice.gradients().values()[i]);
      }
    }
    Gradients first = slices.get(0).gradients();
    return new Gradients(
        parameters.values().stream().map(Piece::join).toArray(float[][]::new),
        first.loss(),
        first.examples());
  }
}
