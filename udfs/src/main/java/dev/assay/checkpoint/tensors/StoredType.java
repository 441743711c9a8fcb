package dev.assay.checkpoint.tensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** The number types of safetensors files that Assay reads. */
public enum StoredType {
  F32(4) {
    @Override
    public float get(ByteBuffer from) {
      return from.getFloat();
    }

    @Override
    public void put(float value, ByteBuffer to) {
      to.putFloat(value);
    }
  },
  BF16(2) {
    @Override
    public float get(ByteBuffer from) {
      return Float.intBitsToFloat(from.getShort() << 16);
    }

    @Override
    public void put(float value, ByteBuffer to) {
      to.putShort(Bfloat16.bits(value));
    }
  },
  F16(2) {
    @Override
    public float get(ByteBuffer from) {
      return Float16.value(from.getShort());
    }

    @Override
    public void put(float value, ByteBuffer to) {
      to.putShort(Float16.bits(value));
    }
  };

  private final int bytes;

  StoredType(int bytes) {
    this.bytes = bytes;
  }

  /** The type of this name in a safetensors file, if it is one of these. */
  public static Optional<StoredType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /** Its name in {@code dtype} of {@code config.json}. */
  public String dtype() {
    return switch (this) {
      case F32 -> "float32";
      case BF16 -> "bfloat16";
      case F16 -> "float16";
    };
  }

  /** Reads all remaining numbers of a little-endian buffer into an array, from {@code at} on. */
  public void get(ByteBuffer from, float[] into, int at) {
    from.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = at; from.hasRemaining(); i++) {
      into[i] = get(from);
    }
  }

  /**
   * Reads the next number.
   *
   * @param from little-endian
   */
  public abstract float get(ByteBuffer from);

  /**
   * Writes the nearest number of this type. Ties go to the even one.
   *
   * @param to little-endian
   */
  public abstract void put(float value, ByteBuffer to);
}
