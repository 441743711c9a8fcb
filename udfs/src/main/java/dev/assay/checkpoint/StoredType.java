package dev.assay.checkpoint;

/** Number types of safetensors that weights come in. */
public enum StoredType {
  F32(4),
  BF16(2),
  F16(2);

  private final int bytes;

  StoredType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }
}
