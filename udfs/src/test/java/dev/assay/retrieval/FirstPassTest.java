package dev.assay.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FirstPassTest {
  private static final int ROWS = 48;
  private static final int DIMENSIONS = 768;

  @ParameterizedTest
  @EnumSource
  void productsOfTheEngineLieWithinTheBound(FirstPass precision) {
    Random random = new Random(11);
    for (float[] vectors :
        new float[][] {
          filled(random, 0), filled(random, 1), filled(random, 2), filled(random, 3)
        }) {
      long[] found = new long[ROWS];
      Multiplier multiplier = Multiplier.on(Device.cpu());
      try (NDManager scope = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
        Operands operands =
            multiplier.operands(scope, vectors, DIMENSIONS, ROWS, precision, new Staging());
        int[] all = IntStream.range(0, ROWS).toArray();
        ByteBuffer[] products = multiplier.products(scope, operands, all, operands, precision);
        Operands.Scaled scaled = operands.row(0);
        float error = precision.errorBound(DIMENSIONS, scaled.magnitude(), scaled.magnitude());
        ProductRows rows = precision.rows(products, ROWS);
        for (int row = 0; row < ROWS; row++) {
          rows.read(row, scaled.scale() * scaled.scale());
          assertEquals(ROWS, rows.atLeast(Float.NEGATIVE_INFINITY, 0, ROWS, found));
          for (long packed : found) {
            int at = ProductRows.place(packed) * DIMENSIONS;
            float exact = Similarity.of(vectors, row * DIMENSIONS, vectors, at, DIMENSIONS);
            float product = ProductRows.product(packed);
            assertTrue(product >= precision.noMore(exact - error), product + " for " + exact);
            assertTrue(product <= precision.noLess(exact + error), product + " for " + exact);
          }
        }
      }
    }
  }

  @Test
  void readsTheSameFromFourNumbersTogetherAsFromEach() {
    Random random = new Random(3);
    int size = 61;
    for (int round = 0; round < 2000; round++) {
      float[] products = new float[size];
      ByteBuffer bytes = ByteBuffer.allocate(size * Short.BYTES).order(ByteOrder.nativeOrder());
      for (int i = 0; i < size; i++) {
        products[i] = Magnitude.toBfloat16(anyNumber(random));
        bytes.putShort((short) (Float.floatToRawIntBits(products[i]) >>> 16));
      }
      float floor = FirstPass.BFLOAT16.noMore(anyNumber(random));
      Bfloat16Rows rows = new Bfloat16Rows(bytes, size);
      rows.read(0, 1);
      int from = random.nextInt(size);
      int expected = 0;
      for (int i = from; i < size; i++) {
        expected += products[i] >= floor ? 1 : 0;
      }
      long[] found = new long[size];
      assertEquals(expected, rows.atLeast(floor, from, size, found), "floor " + floor);
      for (int i = 0; i < expected; i++) {
        assertEquals(
            products[ProductRows.place(found[i])], ProductRows.product(found[i]), "floor " + floor);
      }
    }
  }

  @Test
  void readsTheSameFromGroupsOfInt8ProductsAsFromEach() {
    Random random = new Random(7);
    int size = 75;
    int groups = 5; // of 16, five places of the last are empty
    for (int round = 0; round < 2000; round++) {
      int[] products = random.ints(80, -1000, 1000).toArray();
      int[] largest = new int[groups];
      Arrays.setAll(
          largest,
          group -> IntStream.range(0, 16).map(i -> products[i * groups + group]).max().getAsInt());
      Int8Rows rows = new Int8Rows(IntBuffer.wrap(products), IntBuffer.wrap(largest), size);
      double scale = Math.exp(random.nextGaussian());
      float floor = (float) (products[random.nextInt(size)] * scale);
      Set<Integer> expected =
          IntStream.range(0, size)
              .filter(i -> (float) (products[i] * scale) >= floor)
              .boxed()
              .collect(Collectors.toSet());
      rows.read(0, scale);
      long[] found = new long[size];
      int count = rows.atLeast(floor, 0, size, found);
      assertEquals(expected.size(), count);
      assertEquals(
          expected,
          Arrays.stream(found, 0, count).mapToObj(ProductRows::place).collect(Collectors.toSet()));
    }
  }

  @Test
  void aPrecisionThatLetsTooManyPassIsTriedAgainAfterTwiceAsManyPairs() {
    Multiplier multiplier = Multiplier.on(Device.cpu());
    Openness openness = new Openness(multiplier, 0);
    openness.count(1000, 500);
    FirstPass finer = openness.next(FirstPass.INT8);
    assertEquals(multiplier.fastestAfter(FirstPass.INT8), finer);
    openness.count(999, 0);
    assertEquals(finer, openness.next(finer));
    openness.count(1, 0);
    assertEquals(multiplier.fastest(), openness.next(finer));
  }

  @Test
  void neighboursInBfloat16EncloseANumber() {
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      float number = Float.intBitsToFloat(random.nextInt());
      if (!Float.isFinite(number)) {
        continue;
      }
      float below = FirstPass.BFLOAT16.noMore(number);
      float above = FirstPass.BFLOAT16.noLess(number);
      assertTrue(below <= number && number <= above, number + " in " + below + ", " + above);
      float rounded = Magnitude.toBfloat16(number);
      assertTrue(rounded == below || rounded == above, number + " becomes " + rounded);
    }
  }

  /** Normal, all of one sign, of many sizes, and halfway between two bfloat16. */
  private static float[] filled(Random random, int kind) {
    float[] vectors = new float[ROWS * DIMENSIONS];
    for (int i = 0; i < vectors.length; i++) {
      float normal = (float) random.nextGaussian();
      vectors[i] =
          switch (kind) {
            case 0 -> normal;
            case 1 -> Math.abs(normal);
            case 2 -> normal * Math.scalb(1f, -random.nextInt(40));
            default -> 1 + 0x1p-8f - random.nextInt(2) * 0x1p-20f;
          };
    }
    return vectors;
  }

  private static float anyNumber(Random random) {
    return (float) random.nextGaussian() * Math.scalb(1f, random.nextInt(9) - 4);
  }
}
