package dev.assay.udf.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ImageCounterTest {
  @Test
  void tasksAddUp() {
    ImageCounter one = counted(0, 100);
    ImageCounter other = counted(50, 150);
    other.reused("7");
    one.merge(other);
    assertEquals(new ImageCounter.Totals(200, 1, 150), one.value());
    assertEquals(new ImageCounter.Totals(101 - 1, 1, 101), other.value());

    ImageCounter copy = one.copy();
    one.reset();
    assertTrue(one.isZero());
    assertFalse(copy.isZero());
    assertEquals(150, copy.value().distinct());
  }

  @Test
  void manyDistinctImagesAreEstimatedWithinSixPercent() {
    ImageCounter all = new ImageCounter();
    for (int from = 0; from < 100_000; from += 10_000) {
      all.merge(counted(from, from + 15_000)); // neighbours overlap
    }
    assertEquals(150_000, all.value().encoded());
    assertEquals(105_000, all.value().distinct(), 0.06 * 105_000);
  }

  private static ImageCounter counted(int from, int to) {
    ImageCounter counter = new ImageCounter();
    for (int i = from; i < to; i++) {
      counter.encoded(Integer.toString(i));
    }
    return counter;
  }
}
