package dev.assay.udf;

import dev.assay.udf.compute.EnumSetting;

/** What a {@link Reranker} shows the model at once. */
public enum RerankMethod {
  /** All candidates of a query. */
  LISTWISE,
  /** One candidate. */
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
