package dev.assay.retrieval;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Products in bfloat16. Four are looked at together, as the 16-bit lanes of a long: positive
 * numbers are in the order of their bits.
 */
final class Bfloat16Rows implements ProductRows {
  private static final int LANES = 4;
  private static final long EACH = 0x0001_0001_0001_0001L;
  private static final long SIGNS = 0x8000_8000_8000_8000L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

  private final ByteBuffer products;
  private final byte[] row;

  Bfloat16Rows(ByteBuffer products, int length) {
    this.products = products;
    this.row = new byte[length * Short.BYTES];
  }

  @Override
  public void read(int place, double scale) {
    products.get(place * row.length, row);
  }

  @Override
  public int atLeast(float floor, int from, int to, long[] into) {
    return floor > 0 ? positive(floor, from, to, into) : each(floor, from, to, into, 0);
  }

  private int positive(float floor, int from, int to, long[] into) {
    long floors = (Float.floatToRawIntBits(floor) >>> 16) * EACH;
    int found = 0;
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      long four = (long) LONGS.get(row, i * Short.BYTES);
      // With the sign set no lane borrows from the next. It stays set where a lane is large enough.
      if ((((four | SIGNS) - floors) & ~four & SIGNS) != 0) {
        found = each(floor, i, i + LANES, into, found);
      }
    }
    return each(floor, i, to, into, found);
  }

  private int each(float floor, int from, int to, long[] into, int already) {
    int found = already;
    for (int i = from; i < to; i++) {
      float product = Float.intBitsToFloat((short) SHORTS.get(row, i * Short.BYTES) << 16);
      if (!(product < floor)) { // NaN is kept
        into[found++] = ProductRows.pack(product, i);
      }
    }
    return found;
  }
}
