package dev.assay.job.mine;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;
import static java.util.Comparator.reverseOrder;

import dev.assay.job.mine.JudgedQuery.Candidate;
import dev.assay.job.mine.JudgedQuery.Positive;
import dev.assay.job.mine.MinedQuery.Negative;
import dev.assay.job.mine.MinedQuery.Reject;
import dev.assay.job.mine.MinedQuery.Verdict;
import dev.assay.retrieval.IdOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The mining rule of UniME-V2 (arXiv 2510.13515, "hard negatives"), for one query.
 *
 * <ol>
 *   <li>The threshold is α = score(query, positive) − β. With several positives the lowest of their
 *       scores counts, so that what is kept lies below every one of them. A positive that was not
 *       judged is left out of α. α is rounded to float before it is compared, as it is written.
 *   <li>A candidate is no negative if it is one of the positives, if it has the same content as a
 *       positive (judged or not) or as the query, or if its score is above α (equal is kept).
 *   <li>The candidates are ordered by similarity: highest first, unknown last, ties by candidate id
 *       ({@link IdOrder}). Of several with one content only the first counts.
 *   <li>Of n candidates that may serve, those at places 0, step, 2·step, … are taken, then those
 *       from 1, from 2, and so on, until the list is full.
 *   <li>If there are too few, the list starts over in the order of selection until it is full.
 *   <li>If there is none, {@link MineOptions.Fallback} decides: the query is left out, or the list
 *       is drawn from the false negatives, each with score 1. They are drawn in the order of {@link
 *       DrawOrder}, which depends on seed and ids alone, not on what else is in the table.
 * </ol>
 *
 * <p>The same list serves each of the query's judged positives. A query without a judged positive
 * has no threshold and is rejected, and so is one that has nothing to draw from.
 */
public record MiningRule(MineOptions options) {

  /** Highest similarity first, unknown last; ties by candidate id. */
  static final Comparator<Candidate> BY_SIMILARITY =
      comparing(Candidate::similarity, nullsLast(reverseOrder()))
          .thenComparing(Candidate::candidateId, IdOrder.INSTANCE);

  /**
   * Applies the rule.
   *
   * @throws NullPointerException if an id is null
   */
  public MinedQuery mine(JudgedQuery query) {
    List<Reject> rejects = new ArrayList<>();
    List<Positive> judgedPositives = judgedPositives(query, rejects);
    if (judgedPositives.isEmpty()) {
      return new MinedQuery(
          query.queryId(), Optional.empty(), List.of(), List.of(), List.of(), rejects);
    }
    float threshold = threshold(judgedPositives);
    List<Candidate> ordered = usable(query, rejects);
    List<Decision> decisions = decide(query, ordered, threshold);

    List<Candidate> kept = having(Decision.KEPT, ordered, decisions);
    List<Candidate> dropped = having(Decision.FALSE_NEGATIVE, ordered, decisions);
    if (kept.isEmpty() && dropped.isEmpty()) {
      rejects.add(nothingLeft(ordered.size()));
    }
    List<Candidate> taken = kept.isEmpty() ? draw(query.queryId(), dropped) : stride(kept);
    Fill fill = fillOf(kept, taken);
    return new MinedQuery(
        query.queryId(),
        Optional.ofNullable(fill),
        fill == null ? List.of() : judgedPositives,
        negatives(taken, fill),
        verdicts(ordered, decisions, taken, threshold),
        rejects);
  }

  private static List<Positive> judgedPositives(JudgedQuery query, List<Reject> rejects) {
    if (query.positives().isEmpty()) {
      rejects.add(new Reject(null, "no_positive", "The query was judged but has no positive."));
    }
    List<Positive> judged = new ArrayList<>();
    for (Positive positive : query.positives()) {
      if (positive.isJudged()) {
        judged.add(positive);
      } else {
        String detail = "Positive " + positive.candidateId() + " has no score.";
        rejects.add(new Reject(positive.candidateId(), "positive_not_judged", detail));
      }
    }
    judged.sort(comparing(Positive::candidateId, IdOrder.INSTANCE));
    return judged;
  }

  private float threshold(List<Positive> judged) {
    float lowest = judged.stream().map(Positive::score).min(naturalOrder()).orElseThrow();
    return (float) (lowest - options.beta());
  }

  private static List<Candidate> usable(JudgedQuery query, List<Reject> rejects) {
    Set<String> positives = positiveIds(query);
    List<Candidate> usable = new ArrayList<>();
    for (Candidate candidate : query.candidates()) {
      if (candidate.isJudged()) {
        usable.add(candidate);
      } else if (!positives.contains(candidate.candidateId())) {
        String detail = "Candidate " + candidate.candidateId() + " has no finite score and margin.";
        rejects.add(new Reject(candidate.candidateId(), "candidate_not_judged", detail));
      }
    }
    usable.sort(BY_SIMILARITY);
    return usable;
  }

  private static Set<String> positiveIds(JudgedQuery query) {
    Set<String> ids = new HashSet<>();
    query.positives().forEach(positive -> ids.add(positive.candidateId()));
    return ids;
  }

  /** A decision for each candidate; one that may serve is {@code KEPT} for now. */
  private static List<Decision> decide(
      JudgedQuery query, List<Candidate> ordered, float threshold) {
    Set<String> positives = positiveIds(query);
    Set<String> excluded = new HashSet<>();
    excluded.add(query.contentHash());
    query.positives().forEach(positive -> excluded.add(positive.contentHash()));
    excluded.remove(null);
    Set<String> seen = new HashSet<>();
    List<Decision> decisions = new ArrayList<>();
    for (Candidate candidate : ordered) {
      String content = candidate.contentHash();
      if (positives.contains(candidate.candidateId())) {
        decisions.add(Decision.POSITIVE);
      } else if (excluded.contains(content)) {
        decisions.add(Decision.SAME_CONTENT);
      } else if (content != null && !seen.add(content)) {
        decisions.add(Decision.DUPLICATE_CONTENT);
      } else {
        decisions.add(candidate.score() > threshold ? Decision.FALSE_NEGATIVE : Decision.KEPT);
      }
    }
    return decisions;
  }

  private static List<Candidate> having(
      Decision wanted, List<Candidate> ordered, List<Decision> decisions) {
    List<Candidate> found = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      if (decisions.get(i) == wanted) {
        found.add(ordered.get(i));
      }
    }
    return found;
  }

  private List<Candidate> draw(String queryId, List<Candidate> from) {
    if (options.fallback() == MineOptions.Fallback.DROP) {
      return List.of();
    }
    DrawOrder order = new DrawOrder(options.seed(), queryId);
    return from.stream()
        .sorted(comparing(candidate -> order.key(candidate.candidateId())))
        .limit(options.negatives())
        .toList();
  }

  /** Every step-th, then again from the second, and so on, until there are enough. */
  private List<Candidate> stride(List<Candidate> kept) {
    List<Candidate> taken = new ArrayList<>();
    for (int start = 0; start < Math.min(options.step(), kept.size()); start++) {
      for (int i = start; i < kept.size(); i += options.step()) {
        if (taken.size() == options.negatives()) {
          return taken;
        }
        taken.add(kept.get(i));
      }
    }
    return taken;
  }

  private Fill fillOf(List<Candidate> kept, List<Candidate> taken) {
    if (taken.isEmpty()) {
      return null;
    }
    if (kept.isEmpty()) {
      return Fill.RANDOM;
    }
    return taken.size() < options.negatives() ? Fill.REPEATED : Fill.COMPLETE;
  }

  private static Reject nothingLeft(int judged) {
    String detail = "None of the query's " + judged + " judged pairs can serve as a negative.";
    return new Reject(null, "no_candidates", detail);
  }

  private List<Negative> negatives(List<Candidate> taken, Fill fill) {
    if (taken.isEmpty()) {
      return List.of();
    }
    return Stream.iterate(0, i -> i + 1)
        .limit(options.negatives())
        .map(i -> taken.get(i % taken.size()))
        .map(
            c ->
                new Negative(
                    c.candidateId(),
                    fill == Fill.RANDOM ? 1f : c.score(),
                    c.margin(),
                    c.similarity(),
                    c.rank()))
        .toList();
  }

  private static List<Verdict> verdicts(
      List<Candidate> ordered, List<Decision> decisions, List<Candidate> taken, float threshold) {
    Set<Candidate> chosen = new HashSet<>(taken);
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      Candidate candidate = ordered.get(i);
      Decision decision = decisions.get(i);
      if (decision == Decision.KEPT && !chosen.contains(candidate)) {
        decision = Decision.NOT_SAMPLED;
      } else if (decision == Decision.FALSE_NEGATIVE && chosen.contains(candidate)) {
        decision = Decision.FILLED;
      }
      verdicts.add(
          new Verdict(
              candidate.candidateId(), decision, decision.isByScore() ? (Float) threshold : null));
    }
    return verdicts;
  }
}
