package dev.assay.model.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive numbers of a parameter, row by row: all of them, or some of a large one.
 *
 * @param parameter its index
 * @param from the first number; a multiple of {@link #BLOCK}
 * @param to the one after the last
 */
public record Piece(int parameter, int from, int to) implements Serializable {
  /** Parameters are cut only at multiples of this. */
  public static final int BLOCK = 1 << 18;

  /** How many numbers it has. */
  public int length() {
    return to - from;
  }

  /** All parameters, each as one piece. */
  public static List<Piece> whole(List<Parameter> parameters) {
    List<Piece> pieces = new ArrayList<>();
    for (Parameter parameter : parameters) {
      pieces.add(new Piece(pieces.size(), 0, parameter.size()));
    }
    return List.copyOf(pieces);
  }

  /** All numbers of a parameter, whose pieces are given in their order. */
  public static float[] join(List<float[]> pieces) {
    if (pieces.size() == 1) {
      return pieces.get(0);
    }
    float[] all = new float[pieces.stream().mapToInt(piece -> piece.length).sum()];
    int at = 0;
    for (float[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }
}
