package dev.assay.job.train.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
}
