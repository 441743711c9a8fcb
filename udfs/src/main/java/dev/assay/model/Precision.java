package dev.assay.model;

/** What a model computes in. Margins and embeddings leave as float32 either way. */
public enum Precision {
  FLOAT32(4),
  BFLOAT16(2);

  private final int bytes;

  Precision(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a number. */
  public int bytes() {
    return bytes;
  }
}
