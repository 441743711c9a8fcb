package dev.assay.udf.rows;

import dev.assay.item.BadItemException;
import java.util.function.Supplier;

/**
 * The result for one row: a value, or an error as {@code reason: detail}. Only a {@link
 * BadItemException} becomes an error; any other exception fails the task.
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

  /** The result of a call that may find its item bad. */
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

  /** The same error in place of another value. */
  public <W> Outcome<W> failed() {
    return new Outcome<>(null, error);
  }

  /** The same with a side of a pair named in the error. */
  public Outcome<V> inSide(String side) {
    return error == null ? this : new Outcome<>(null, error.replaceFirst(": ", ": " + side + ": "));
  }
}
