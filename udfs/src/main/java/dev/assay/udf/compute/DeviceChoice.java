package dev.assay.udf.compute;

/** The device that a user asks for. {@link Placement} says which one that is on a machine. */
public enum DeviceChoice {
  /** A GPU where there is one, else the CPU. */
  AUTO,
  CPU,
  GPU;

  /**
   * @throws IllegalArgumentException if the word is none of {@code auto}, {@code cpu}, {@code gpu}
   */
  public static DeviceChoice parse(String word) {
    return EnumSetting.parse(DeviceChoice.class, "device", word);
  }

  /** The word that a setting has for it. */
  public String word() {
    return EnumSetting.word(this);
  }
}
