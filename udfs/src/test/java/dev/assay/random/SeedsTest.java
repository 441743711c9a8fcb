package dev.assay.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedsTest {
  private static final int STEPS = 40;
  private static final int PARTS = 16;
  private static final int PASSES = 8;
  private static final int LAYERS = 15;
  private static final List<String> PURPOSES = List.of("", "vision", "decoder", "decoder2");

  @Test
  void seedsOfAllStepsPartsPassesAndLayersAreDistinct() {
    long[] runs = {0, 1, 2, 31, -1, 1L << 32};
    long[] seeds = new long[runs.length * STEPS * PARTS * PASSES * LAYERS * PURPOSES.size()];
    int n = 0;
    for (long run : runs) {
      for (int step = 0; step < STEPS; step++) {
        for (int part = 0; part < PARTS; part++) {
          long ofPart = Seeds.mix(run, step, part);
          for (int pass = 0; pass < PASSES; pass++) {
            long ofPass = Seeds.mix(ofPart, pass);
            for (String purpose : PURPOSES) {
              for (int layer = 0; layer < LAYERS; layer++) {
                seeds[n++] = Seeds.mix(ofPass, purpose, layer);
              }
            }
          }
        }
      }
    }
    assertEquals(seeds.length, n);
    assertEquals(n, Arrays.stream(seeds).distinct().count());
  }

  @Test
  void neighboursAndSwappedArgumentsDiffer() {
    int n = 200;
    long[] seeds = new long[n * n];
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        seeds[a * n + b] = Seeds.mix(a - n / 2, b - n / 2);
      }
    }
    assertEquals(seeds.length, Arrays.stream(seeds).distinct().count());
  }

  @Test
  void nameAndNumbersBothCount() {
    long[] seeds = {
      Seeds.mix(7),
      Seeds.mix(7, 0),
      Seeds.mix(7, 0, 0),
      Seeds.mix(7, ""),
      Seeds.mix(7, "", 0),
      Seeds.mix(7, "a"),
      Seeds.mix(7, "aa"),
      Seeds.mix(7, "a", 'a'),
      Seeds.mix(7, "ab"),
      Seeds.mix(7, "ba"),
      Seeds.mix(7, 'a')
    };
    assertEquals(seeds.length, Arrays.stream(seeds).distinct().count());
  }

  @Test
  void theSameArgumentsGiveTheSameSeed() {
    assertEquals(Seeds.mix(3, "dropout", 4, 5), Seeds.mix(3, "dropout", 4, 5));
    assertNotEquals(Seeds.mix(3, "dropout", 4, 5), Seeds.mix(3, "dropout", 5, 4));
  }
}
