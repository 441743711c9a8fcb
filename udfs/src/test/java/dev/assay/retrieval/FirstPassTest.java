package dev.assay.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
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
      Magnitude magnitude = Magnitude.largest(vectors, 0, ROWS, DIMENSIONS);
      float error = precision.errorBound(DIMENSIONS, magnitude, magnitude);
      ProductRows rows = precision.rows(ROWS);
      long[] found = new long[ROWS];
      try (NDManager scope = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
        ByteBuffer products = products(scope, vectors, precision);
        for (int row = 0; row < ROWS; row++) {
          rows.read(products, row);
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
    Bfloat16Rows rows = new Bfloat16Rows(size);
    for (int round = 0; round < 2000; round++) {
      float[] products = new float[size];
      ByteBuffer bytes = ByteBuffer.allocate(size * Short.BYTES).order(ByteOrder.nativeOrder());
      for (int i = 0; i < size; i++) {
        products[i] = Magnitude.toBfloat16(anyNumber(random));
        bytes.putShort((short) (Float.floatToRawIntBits(products[i]) >>> 16));
      }
      float floor = FirstPass.BFLOAT16.noMore(anyNumber(random));
      rows.read(bytes, 0);
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

  private static ByteBuffer products(NDManager scope, float[] vectors, FirstPass precision) {
    Multiplier multiplier = Multiplier.on(Device.cpu());
    Shape shape = new Shape(ROWS, DIMENSIONS);
    NDArray operands = multiplier.operands(scope, FloatBuffer.wrap(vectors), shape, precision);
    int[] all = IntStream.range(0, ROWS).toArray();
    NDArray products = multiplier.products(scope, operands, all, operands);
    return products.toByteBuffer(true).order(ByteOrder.nativeOrder());
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
