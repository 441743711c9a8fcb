package dev.assay.checkpoint.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounding of weights, against what every number of a 16-bit type is. */
class StoredTypeTest {
  private final ByteBuffer buffer = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void everyNumberComesBack(StoredType type) {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = value(type, (short) bits);
      if (Float.isNaN(value)) {
        assertTrue(Float.isNaN(rounded(type, value)));
      } else {
        assertEquals((short) bits, bits(type, value), "bits " + bits);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void theNearestNumberIsTakenAndOfTwoTheEvenOne(StoredType type) {
    int infinity = bits(type, Float.POSITIVE_INFINITY) & 0xffff;
    for (int bits = 0; bits + 1 < infinity; bits++) { // neighbours, in order of size
      double low = value(type, (short) bits);
      double high = value(type, (short) (bits + 1));
      float half = (float) ((low + high) / 2);
      int even = bits % 2 == 0 ? bits : bits + 1;

      assertEquals(even, bits(type, half), "between " + low + " and " + high);
      assertEquals(bits, bits(type, Math.nextDown(half)));
      assertEquals((short) (bits + 1), bits(type, Math.nextUp(half)));
      assertEquals((short) (even | 0x8000), bits(type, -half));
    }
  }

  @ParameterizedTest
  @EnumSource
  void roundingTwiceEqualsRoundingOnce(StoredType type) {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      float once = rounded(type, Float.intBitsToFloat(random.nextInt()));

      assertEquals(Float.floatToIntBits(once), Float.floatToIntBits(rounded(type, once)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BF16, 1.00390625, 1",
    "BF16, 1.01171875, 1.015625",
    "BF16, 3.4e38, Infinity",
    "F16, 65519, 65504",
    "F16, 65520, Infinity",
    "F16, 2.9802322e-8, 0",
    "F16, 2.98023259e-8, 5.9604645e-8"
  })
  void overflowAndUnderflowFollowIeee754(StoredType type, float value, float expected) {
    assertEquals(expected, rounded(type, value));
  }

  @Test
  void aNanWithItsPayloadInTheLowerHalfStaysNan() {
    assertTrue(Float.isNaN(rounded(StoredType.BF16, Float.intBitsToFloat(0x7f800001))));
  }

  private float rounded(StoredType type, float value) {
    type.put(value, buffer.clear());
    return type.get(buffer.flip());
  }

  private short bits(StoredType type, float value) {
    type.put(value, buffer.clear());
    return buffer.flip().getShort();
  }

  private float value(StoredType type, short bits) {
    return type.get(buffer.clear().putShort(bits).flip());
  }
}
