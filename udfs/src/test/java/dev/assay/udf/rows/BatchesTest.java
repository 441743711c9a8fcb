package dev.assay.udf.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import dev.assay.item.BadItemException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of numbers that doubles them, with a memory of its own. */
class BatchesTest {
  private static final int HUGE = 13;

  private final List<Integer> sizes = new ArrayList<>();
  private int memory = Integer.MAX_VALUE;
  private int held;
  private String message = "CUDA out of memory. Tried to allocate 2.00 GiB\nand more";

  @Test
  void aBatchThatFitsIsOnePass() {
    assertEquals(doubled(32, -1), values(run(32)));
    assertEquals(List.of(32), sizes);
    assertEquals(List.of(), run(0));
  }

  @Test
  void batchesShrinkToOneInputAndOnlyWhatDoesNotFitAloneIsLost() {
    for (int budget : new int[] {1, 2, 3, 7, 31}) {
      memory = budget;
      sizes.clear();
      List<Outcome<Integer>> outcomes = run(32);

      assertEquals(doubled(32, HUGE), values(outcomes), "a budget of " + budget);
      assertEquals(
          "out_of_memory: CUDA out of memory. Tried to allocate 2.00 GiB",
          outcomes.get(HUGE).error());
      assertTrue(sizes.contains(1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 79.11 GiB",
        "CUDA error: out of memory",
        "[enforce fail at alloc_cpu.cpp:115] err == 0. DefaultCPUAllocator: can't allocate memory:"
            + " you tried to allocate 4096 bytes. Error code 12 (Cannot allocate memory)",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "std::bad_alloc"
      })
  void recognisesTheSettingsWords(String words) {
    message = words;
    memory = 4;
    assertEquals(doubled(32, HUGE), values(run(32)));
  }

  @Test
  void anyOtherFailureEndsTheTask() {
    message = "CUDA error: an illegal memory access was encountered";
    memory = 4;
    EngineException e = assertThrows(EngineException.class, () -> run(32));
    assertEquals(message, e.getMessage());
    assertEquals(List.of(32), sizes);
  }

  @Test
  void whatTheModelHoldsIsGivenBackBeforeAnInputIsGivenUp() {
    memory = 10;
    held = 10;
    assertEquals(doubled(1, -1), values(run(1)));
    assertEquals(List.of(1, 1), sizes);
    assertEquals(0, held);
  }

  @Test
  void anInputThatIsRefusedOrGivesNanCostsItsNeighboursNothing() {
    List<Integer> inputs = new ArrayList<>(IntStream.range(0, 20).boxed().toList());
    inputs.set(4, -1); // refused
    inputs.set(9, -2); // NaN, for the whole pass
    Batches<Integer, Float> batches =
        new Batches<>(
            some -> {
              if (some.contains(-1)) {
                throw new BadItemException("too_long", "5000 tokens");
              }
              return some.stream().map(i -> some.contains(-2) ? Float.NaN : i).toList();
            },
            x -> x.isNaN() ? Outcome.bad("nan", "x") : Outcome.good(x),
            () -> false);

    List<Outcome<Float>> outcomes = batches.run(inputs);

    for (int i = 0; i < inputs.size(); i++) {
      switch (inputs.get(i)) {
        case -1 -> assertEquals("too_long: 5000 tokens", outcomes.get(i).error());
        case -2 -> assertEquals("nan: x", outcomes.get(i).error());
        default -> assertEquals((float) i, outcomes.get(i).value());
      }
    }
  }

  private List<Outcome<Integer>> run(int count) {
    return new Batches<Integer, Integer>(this::twice, Outcome::good, this::release)
        .run(IntStream.range(0, count).boxed().toList());
  }

  private List<Integer> twice(List<Integer> inputs) {
    sizes.add(inputs.size());
    boolean tooLarge = memory < Integer.MAX_VALUE && inputs.contains(HUGE);
    if (tooLarge || held + inputs.size() > memory) {
      throw new EngineException(message);
    }
    return inputs.stream().map(i -> 2 * i).toList();
  }

  private boolean release() {
    boolean any = held > 0;
    held = 0;
    return any;
  }

  private static List<Integer> doubled(int count, int lost) {
    return IntStream.range(0, count).mapToObj(i -> i == lost ? null : (Integer) (2 * i)).toList();
  }

  private static List<Integer> values(List<Outcome<Integer>> outcomes) {
    for (Outcome<Integer> outcome : outcomes) {
      assertFalse(outcome.isGood() && outcome.value() == null);
    }
    return outcomes.stream().map(Outcome::value).toList();
  }
}
