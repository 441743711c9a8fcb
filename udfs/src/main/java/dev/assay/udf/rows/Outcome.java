package dev.assay.udf.rows;

import dev.assay.item.BadItemException;
import java.util.function.Supplier;

/**
 * What became of one row: a value, or an error as {@code reason: detail}.
 *
 * @param value null where there is an error
 * @param error null where there is a value
 * @param <V> a margin, an embedding
 */
public record Outcome<V>(V value, String error) {
  private static final String OUT_OF_MEMORY = "out_of_memory";

  public static <V> Outcome<V> good(V value) {
    return new Outcome<>(value, null);
  }

  public static <V> Outcome<V> bad(String reason, String detail) {
    return new Outcome<>(null, reason + ": " + detail);
  }

  public static <V> Outcome<V> bad(BadItemException e) {
    return bad(e.reason(), e.detail());
  }

  public static <V> Outcome<V> outOfMemory(String detail) {
    return bad(OUT_OF_MEMORY, detail);
  }

  /** What became of a single input that may be a bad one. */
  public static <V> Outcome<V> of(Supplier<V> model) {
    try {
      return good(model.get());
    } catch (BadItemException e) {
      return bad(e);
    }
  }

  public boolean isGood() {
    return error == null;
  }

  public boolean isOutOfMemory() {
    return error != null && error.startsWith(OUT_OF_MEMORY);
  }

  /** This error, of what would have been another value. */
  public <W> Outcome<W> failed() {
    return new Outcome<>(null, error);
  }

  /** The same, its error telling which side of a pair it is about. */
  public Outcome<V> inSide(String side) {
    return error == null ? this : new Outcome<>(null, error.replaceFirst(": ", ": " + side + ": "));
  }
}
