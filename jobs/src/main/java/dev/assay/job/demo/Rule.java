package dev.assay.job.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;

/** Rules that choose ten negatives for a query without a judge, for comparison. */
@FunctionalInterface
interface Rule {
  /** The length of a list. */
  int NEGATIVES = 10;

  /** The number of most similar candidates that the random rule draws from. */
  int NEAREST = 50;

  /**
   * The margin of sentence-transformers' {@code mine_hard_negatives}, absolute or as a share of the
   * positive's similarity.
   */
  double MARGIN = 0.05;

  /**
   * Chooses negatives.
   *
   * @param nearest the most similar candidates, most similar first, without the positive
   * @param positive the labelled positive
   * @return at most {@link #NEGATIVES}; fewer if not enough are left
   */
  List<Ranked> choose(String query, List<Ranked> nearest, Ranked positive);

  /** The rules, by the names they have in the report. */
  static Map<String, Rule> all() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    rules.put("top 10 by similarity", (query, nearest, positive) -> first(nearest));
    rules.put(
        "top 10 less similar than the positive",
        (query, nearest, positive) -> below(nearest, positive.similarity()));
    rules.put("random 10 of the 50", (query, nearest, positive) -> random(query, nearest));
    rules.put(
        "margin 0.05 below the positive",
        (query, nearest, positive) -> atMost(nearest, positive.similarity() - MARGIN));
    rules.put(
        "margin 5 % below the positive",
        (query, nearest, positive) ->
            atMost(nearest, positive.similarity() - Math.abs(positive.similarity()) * MARGIN));
    return rules;
  }

  private static List<Ranked> first(List<Ranked> nearest) {
    return nearest.stream().limit(NEGATIVES).toList();
  }

  private static List<Ranked> below(List<Ranked> nearest, double limit) {
    return first(nearest.stream().filter(r -> r.similarity() < limit).toList());
  }

  private static List<Ranked> atMost(List<Ranked> nearest, double limit) {
    return first(nearest.stream().filter(r -> r.similarity() <= limit).toList());
  }

  /** The query's id is the seed, so the draw is the same each time. */
  private static List<Ranked> random(String query, List<Ranked> nearest) {
    CRC32 seed = new CRC32();
    seed.update(query.getBytes(StandardCharsets.UTF_8));
    List<Ranked> drawn = new ArrayList<>(nearest.stream().limit(NEAREST).toList());
    Collections.shuffle(drawn, new Random(seed.getValue()));
    return first(drawn);
  }
}
