package dev.assay.udf.compute;

/** The number format that a user asks for. {@link Placement} resolves {@link #AUTO}. */
public enum PrecisionChoice {
  /** bfloat16 where the device computes fast in it, else float32. */
  AUTO,
  FLOAT32,
  BFLOAT16;

  /**
   * @throws IllegalArgumentException if the word is none of {@code auto}, {@code float32}, {@code
   *     bfloat16}
   */
  public static PrecisionChoice parse(String word) {
    return EnumSetting.parse(PrecisionChoice.class, "precision", word);
  }

  /** The word that a setting has for it. */
  public String word() {
    return EnumSetting.word(this);
  }
}
