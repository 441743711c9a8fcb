package dev.assay.job.train.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPartTest {
  @Test
  void partsDifferByOneRowAtMostAndKeepTheOrder() {
    for (int n = 1; n < 20; n++) {
      List<Integer> batch = IntStream.range(0, n).boxed().toList();
      for (int parts = 1; parts < 25; parts++) {
        List<BatchPart<Integer>> cut = BatchPart.of(batch, parts);
        assertEquals(Math.min(n, parts), cut.size());
        assertEquals(batch, cut.stream().flatMap(part -> part.rows().stream()).toList());
        for (BatchPart<Integer> part : cut) {
          assertEquals(part.first(), part.rows().get(0));
          assertTrue(Math.abs(part.rows().size() - n / cut.size()) <= 1);
        }
      }
    }
  }

  @Test
  void everyRunStepAndPartHasADropoutSeedOfItsOwn() {
    Set<Long> seeds = new HashSet<>();
    int asked = 0;
    for (long run = -2; run < 6; run++) {
      for (long step = 0; step < 300; step++) {
        for (int part = 0; part < 16; part++) {
          seeds.add(new BatchPart<>(part, 0, List.of()).dropoutSeed(run, step));
          asked++;
        }
      }
    }
    assertEquals(asked, seeds.size());
  }
}
