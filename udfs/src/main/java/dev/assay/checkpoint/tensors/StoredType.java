package dev.assay.checkpoint.tensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** Number types of safetensors that weights come in. */
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

  /** The type that a safetensors file calls so, if it is one of these. */
  public static Optional<StoredType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /** What {@code config.json} calls it in {@code dtype}. */
  public String dtype() {
    return switch (this) {
      case F32 -> "float32";
      case BF16 -> "bfloat16";
      case F16 -> "float16";
    };
  }

  /** Reads all that is left in a little-endian buffer, in place from {@code at} on. */
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
   * Writes the nearest number of this type; of two that are equally near, the even one.
   *
   * @param to little-endian
   */
  public abstract void put(float value, ByteBuffer to);
}
