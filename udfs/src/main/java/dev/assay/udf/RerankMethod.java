package dev.assay.udf;

import dev.assay.udf.compute.EnumSetting;

/** How a {@link Reranker} asks the model. */
public enum RerankMethod {
  /** About all candidates of a query at once. */
  LISTWISE,
  /** About one candidate at a time. */
  PAIRWISE;

  /**
   * @throws IllegalArgumentException if the word is neither {@code listwise} nor {@code pairwise}
   */
  public static RerankMethod parse(String word) {
    return EnumSetting.parse(RerankMethod.class, "method", word);
  }

  /** The word that a setting has for it. */
  public String word() {
    return EnumSetting.word(this);
  }
}
