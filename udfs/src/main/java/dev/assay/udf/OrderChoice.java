package dev.assay.udf;

import dev.assay.judge.Order;
import dev.assay.udf.compute.EnumSetting;
import java.util.List;

/** The order of a pair's sides that a user asks for. */
public enum OrderChoice {
  QUERY_FIRST,
  CANDIDATE_FIRST,
  /** Candidate first where the candidate has an image and the query has none, else query first. */
  AUTO;

  /**
   * @throws IllegalArgumentException if the word is none of {@code query-first}, {@code
   *     candidate-first}, {@code auto}
   */
  public static OrderChoice parse(String word) {
    return EnumSetting.parse(OrderChoice.class, "order", word);
  }

  /** The word that a setting has for it. */
  public String word() {
    return EnumSetting.word(this);
  }

  /** The orders that pairs may get, query first before candidate first. */
  List<Order> orders() {
    return switch (this) {
      case QUERY_FIRST -> List.of(Order.QUERY_FIRST);
      case CANDIDATE_FIRST -> List.of(Order.CANDIDATE_FIRST);
      case AUTO -> List.of(Order.values());
    };
  }
}
