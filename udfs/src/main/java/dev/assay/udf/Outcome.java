package dev.assay.udf;

import ai.djl.engine.EngineException;
import dev.assay.image.BadItemException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What became of one row: a value, or an error as {@code reason: detail}.
 *
 * @param value null where there is an error
 * @param error null where there is a value
 * @param <V> a margin, an embedding
 */
record Outcome<V>(V value, String error) {
  static <V> Outcome<V> good(V value) {
    return new Outcome<>(value, null);
  }

  static <V> Outcome<V> bad(String reason, String detail) {
    return new Outcome<>(null, reason + ": " + detail);
  }

  static <V> Outcome<V> bad(BadItemException e) {
    return bad(e.reason(), e.detail());
  }

  /** One input, one result. */
  static <V> Outcome<V> of(Supplier<V> model) {
    return Outcome.<String, V>ofBatch(List.of(""), one -> List.of(model.get())).get(0);
  }

  boolean isGood() {
    return error == null;
  }

  /** This error, of what would have been another value. */
  <W> Outcome<W> failed() {
    return new Outcome<>(null, error);
  }

  /** The same, its error telling which side of a pair it is about. */
  Outcome<V> inSide(String side) {
    return error == null ? this : new Outcome<>(null, error.replaceFirst(": ", ": " + side + ": "));
  }

  /**
   * Puts inputs to a model together. A batch that does not fit in the device's memory, or that the
   * model refuses because of one input, is halved until it passes or is down to that input.
   *
   * @return one outcome per input, in order
   */
  static <I, V> List<Outcome<V>> ofBatch(List<I> inputs, Function<List<I>, List<V>> model) {
    if (inputs.isEmpty()) {
      return List.of();
    }
    Outcome<V> failure;
    try {
      return model.apply(inputs).stream().map(Outcome::good).toList();
    } catch (BadItemException e) {
      failure = bad(e);
    } catch (EngineException e) {
      if (!outOfMemory(e)) {
        throw e;
      }
      failure = bad("out_of_memory", String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    if (inputs.size() == 1) {
      return List.of(failure);
    }
    int half = inputs.size() / 2;
    List<Outcome<V>> outcomes = new ArrayList<>(ofBatch(inputs.subList(0, half), model));
    outcomes.addAll(ofBatch(inputs.subList(half, inputs.size()), model));
    return outcomes;
  }

  /** PyTorch's words for it: "CUDA out of memory", "DefaultCPUAllocator: can't allocate memory". */
  private static boolean outOfMemory(EngineException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("out of memory") || message.contains("can't allocate memory");
  }
}
