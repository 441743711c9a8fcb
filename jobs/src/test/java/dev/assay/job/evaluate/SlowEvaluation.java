package dev.assay.job.evaluate;

import dev.assay.job.evaluate.EvaluationWorld.Item;
import dev.assay.job.evaluate.EvaluationWorld.Pair;
import dev.assay.retrieval.IdOrder;
import dev.assay.retrieval.Similarity;
import dev.assay.udf.RerankMethod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * The same figures by comparing everything with everything, one query after the other.
 *
 * @param embedder model folder
 * @param reranks how the reranker behind it does, or null
 * @param global whether all datasets are one pool
 */
record SlowEvaluation(
    EvaluationWorld world,
    String embedder,
    RerankMethod reranks,
    boolean global,
    int depth,
    int top) {

  /** A text, the least id that has it, and that one's dataset. */
  private record Content(String id, String dataset, String text) {}

  /** Figures by {@code direction/dataset/metric}. */
  Map<String, Double> figures() {
    Map<String, List<Map<String, Double>>> values = new TreeMap<>();
    for (Item query : world.queries) {
      Set<String> right = rightTexts(query.id());
      if (right.isEmpty()) {
        continue;
      }
      if (world.choosing().contains(query.id())) {
        add(values, "choices", query.dataset(), Map.of("P@1", chooses(query, right) ? 1.0 : 0.0));
      } else {
        List<String> ranked =
            rank(query.text(), pool(world.candidates, query.dataset()), FakeModels::margin);
        add(values, "query_to_candidate", query.dataset(), metrics(ranked, right));
      }
    }
    for (Content candidate : contents(world.candidates)) {
      Set<String> right = new TreeSet<>();
      for (Pair pair : world.positives) {
        Item positive = world.candidate(pair.candidate());
        if (!world.choosing().contains(pair.query())
            && positive.text().equals(candidate.text())
            && (global || positive.dataset().equals(candidate.dataset()))) {
          right.add(world.query(pair.query()).text());
        }
      }
      if (!right.isEmpty()) {
        List<String> ranked =
            rank(
                candidate.text(),
                pool(world.queries, candidate.dataset()),
                reranks == RerankMethod.LISTWISE
                    ? FakeModels::margin
                    : (c, q) -> FakeModels.margin(q, c));
        add(values, "candidate_to_query", candidate.dataset(), metrics(ranked, right));
      }
    }
    Map<String, Double> figures = new TreeMap<>();
    values.forEach(
        (of, all) ->
            all.get(0)
                .keySet()
                .forEach(
                    metric ->
                        figures.put(
                            of + "/" + metric,
                            all.stream().mapToDouble(v -> v.get(metric)).average().orElseThrow())));
    return figures;
  }

  private static void add(
      Map<String, List<Map<String, Double>>> values,
      String direction,
      String dataset,
      Map<String, Double> of) {
    values.computeIfAbsent(direction + "/" + dataset, key -> new ArrayList<>()).add(of);
  }

  private Set<String> rightTexts(String query) {
    Set<String> texts = new TreeSet<>();
    for (Pair pair : world.positives) {
      if (pair.query().equals(query)) {
        texts.add(world.candidate(pair.candidate()).text());
      }
    }
    return texts;
  }

  /** Each content of each pool. */
  private Collection<Content> contents(List<Item> items) {
    Map<String, Content> first = new HashMap<>();
    for (Item item : items) {
      Content content = new Content(item.id(), item.dataset(), item.text());
      first.merge(
          (global ? "" : item.dataset()) + "|" + item.text(),
          content,
          (a, b) -> IdOrder.INSTANCE.compare(a.id(), b.id()) <= 0 ? a : b);
    }
    return first.values();
  }

  private List<Content> pool(List<Item> items, String dataset) {
    return contents(items).stream().filter(c -> global || c.dataset().equals(dataset)).toList();
  }

  /** Texts, best first, as far as they are retrieved. */
  private List<String> rank(
      String text, List<Content> pool, BiFunction<String, String, Float> margin) {
    List<Content> ranked = new ArrayList<>(pool.stream().filter(c -> !isNan(c.text())).toList());
    if (isNan(text)) {
      return List.of();
    }
    ranked.sort(nearestFirst(text));
    ranked = new ArrayList<>(ranked.subList(0, Math.min(depth, ranked.size())));
    if (reranks != null) {
      ranked.subList(0, Math.min(top, ranked.size())).sort(byMargin(text, margin));
    }
    return ranked.stream().map(Content::text).toList();
  }

  private Comparator<Content> nearestFirst(String text) {
    return Comparator.<Content>comparingDouble(c -> -similarity(text, c.text()))
        .thenComparing(Content::id, IdOrder.INSTANCE);
  }

  private static Comparator<Content> byMargin(
      String text, BiFunction<String, String, Float> margin) {
    return Comparator.comparingDouble(
        c -> {
          Float score = margin.apply(text, c.text());
          return score == null ? Double.POSITIVE_INFINITY : -score;
        });
  }

  private double similarity(String a, String b) {
    return Similarity.of(FakeModels.vector(embedder, a), FakeModels.vector(embedder, b));
  }

  private boolean chooses(Item query, Set<String> right) {
    Map<String, Content> offered = new HashMap<>();
    for (Pair choice : world.choices) {
      if (choice.query().equals(query.id())) {
        Item item = world.candidate(choice.candidate());
        offered.merge(
            item.text(),
            new Content(item.id(), item.dataset(), item.text()),
            (a, b) -> IdOrder.INSTANCE.compare(a.id(), b.id()) <= 0 ? a : b);
      }
    }
    if (isNan(query.text())) {
      return false;
    }
    List<Content> ranked =
        new ArrayList<>(offered.values().stream().filter(c -> !isNan(c.text())).toList());
    ranked.sort(nearestFirst(query.text()));
    double best = Double.NEGATIVE_INFINITY;
    double others = Double.NEGATIVE_INFINITY;
    for (Content choice :
        reranks != null ? ranked.subList(0, Math.min(top, ranked.size())) : ranked) {
      Float margin = FakeModels.margin(query.text(), choice.text());
      if (reranks != null && margin == null) {
        continue;
      }
      double score = reranks != null ? (double) margin : similarity(query.text(), choice.text());
      if (right.contains(choice.text())) {
        best = Math.max(best, score);
      } else {
        others = Math.max(others, score);
      }
    }
    return best > others;
  }

  private static Map<String, Double> metrics(List<String> ranked, Set<String> right) {
    double reciprocal = 0;
    double gain = 0;
    double best = 0;
    int first = Integer.MAX_VALUE;
    for (int place = 1; place <= ranked.size(); place++) {
      if (right.contains(ranked.get(place - 1))) {
        first = Math.min(first, place);
        reciprocal = Math.max(reciprocal, 1.0 / place);
        gain += place <= 10 ? Math.log(2) / Math.log(place + 1) : 0;
      }
    }
    for (int place = 1; place <= Math.min(10, right.size()); place++) {
      best += Math.log(2) / Math.log(place + 1);
    }
    return Map.of(
        "R@1", first <= 1 ? 1.0 : 0,
        "R@5", first <= 5 ? 1.0 : 0,
        "R@10", first <= 10 ? 1.0 : 0,
        "MRR", reciprocal,
        "NDCG@10", gain / best);
  }

  private static boolean isNan(String text) {
    return text.startsWith("nan");
  }
}
