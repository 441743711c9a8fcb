package dev.assay.udf.rows;

import ai.djl.engine.EngineException;
import dev.assay.item.BadItemException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Runs a model on batches of inputs and isolates those that fail. A batch is halved if it does not
 * fit in the device's memory, if the model refuses one of its inputs, or if a result is not a
 * number. Halving ends where a batch passes or has one input, so a bad input costs its neighbours
 * only time.
 *
 * <p>A result that is not a number also concerns the whole batch: sequences of a pack are masked
 * for each other, but zero times NaN is NaN.
 *
 * @param model gives one result per input, in order
 * @param check makes an outcome of a result; bad if it must not reach a table
 * @param release frees memory that the model keeps for later calls; returns whether there was any
 * @param <I> an item
 * @param <V> a margin, an embedding
 */
public record Batches<I, V>(
    Function<List<I>, List<V>> model, Function<V, Outcome<V>> check, BooleanSupplier release) {
  private static final List<String> OUT_OF_MEMORY =
      List.of(
          "out of memory", // CUDA, in all its messages
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

  /** One pass: an outcome for each input, or a single bad one if the pass failed. */
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
        return attempt(inputs, false); // with the memory that was just freed
      }
      return List.of(Outcome.outOfMemory(message.lines().findFirst().orElse("")));
    }
  }
}
