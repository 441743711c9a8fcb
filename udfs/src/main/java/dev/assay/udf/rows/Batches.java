package dev.assay.udf.rows;

import ai.djl.engine.EngineException;
import dev.assay.item.BadItemException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Puts inputs to a model together. A batch that does not fit in the device's memory, that the model
 * refuses because of one input, or of which a result is not a number, is halved until it passes or
 * is down to that input: one bad input costs its neighbours nothing but time.
 *
 * <p>That a result is not a number is a matter of the batch as well: in a pack each sequence is
 * masked for the others, but a weight of zero times NaN is NaN.
 *
 * @param model gives one result per input, in order
 * @param check makes a result an outcome; bad where it may not reach a table
 * @param release gives back memory that the model holds for later; whether there was any
 * @param <I> an item
 * @param <V> a margin, an embedding
 */
public record Batches<I, V>(
    Function<List<I>, List<V>> model, Function<V, Outcome<V>> check, BooleanSupplier release) {
  private static final List<String> OUT_OF_MEMORY =
      List.of(
          "out of memory", // CUDA's, in all its sentences
          "can't allocate memory", // PyTorch's allocator on the CPU
          "ALLOC_FAILED", // cuBLAS and cuDNN
          "bad_alloc"); // C++ itself

  /**
   * Runs the model.
   *
   * @return one outcome per input, in order
   * @throws EngineException if the model fails in any other way
   */
  public List<Outcome<V>> run(List<I> inputs) {
    if (inputs.isEmpty()) {
      return List.of();
    }
    List<Outcome<V>> outcomes = attempt(inputs, true);
    if (inputs.size() == 1 || outcomes.stream().allMatch(Outcome::isGood)) {
      return outcomes;
    }
    int half = inputs.size() / 2;
    outcomes = new ArrayList<>(run(inputs.subList(0, half)));
    outcomes.addAll(run(inputs.subList(half, inputs.size())));
    return outcomes;
  }

  /** One pass. Where it fails as a whole, there is one outcome for all. */
  private List<Outcome<V>> attempt(List<I> inputs, boolean first) {
    try {
      return model.apply(inputs).stream().map(check).toList();
    } catch (BadItemException e) {
      return List.of(Outcome.bad(e));
    } catch (EngineException e) {
      String message = String.valueOf(e.getMessage());
      if (OUT_OF_MEMORY.stream().noneMatch(message::contains)) {
        throw e;
      }
      boolean moreRoom = release.getAsBoolean();
      if (first && moreRoom && inputs.size() == 1) {
        return attempt(inputs, false); // it may be what was held that left no room
      }
      return List.of(Outcome.outOfMemory(message.lines().findFirst().orElse("")));
    }
  }
}
