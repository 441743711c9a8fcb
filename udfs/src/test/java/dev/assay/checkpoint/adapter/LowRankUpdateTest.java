package dev.assay.checkpoint.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The product that an adapter adds, against the definition in double precision. */
class LowRankUpdateTest {
  @Test
  void addsTheScaledProductToAnyRows() {
    Random random = new Random(3);
    for (int trial = 0; trial < 50; trial++) {
      int out = 1 + random.nextInt(20);
      int in = 1 + random.nextInt(40);
      int rank = 1 + random.nextInt(9);
      float[] a = normal(random, rank * in);
      float[] b = normal(random, out * rank);
      int first = random.nextInt(out);
      int count = 1 + random.nextInt(out - first);
      float[] rows = normal(random, count * in);
      float[] before = rows.clone();

      new LowRankUpdate(a, b, rank, 1.5f).addTo(rows, first, count);

      for (int i = 0; i < count; i++) {
        for (int j = 0; j < in; j++) {
          double product = 0;
          for (int k = 0; k < rank; k++) {
            product += (double) b[(first + i) * rank + k] * a[k * in + j];
          }
          assertEquals(before[i * in + j] + 1.5 * product, rows[i * in + j], 1e-5);
        }
      }
    }
  }

  private static float[] normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
