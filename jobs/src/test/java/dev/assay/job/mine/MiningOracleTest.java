package dev.assay.job.mine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.mine.JudgedQuery.Candidate;
import dev.assay.job.mine.JudgedQuery.Positive;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The rule against a naive second reading of the paper, on random score tables. */
class MiningOracleTest {
  private static final int TABLES = 1000;

  @Test
  void equalsTheOracleOnAThousandRandomTables() throws Exception {
    Map<String, Integer> seen = new TreeMap<>();
    for (int seed = 0; seed < TABLES; seed++) {
      Random random = RandomScores.random(-1 - seed);
      MineOptions options =
          new MineOptions(
              random.nextInt(3) * 0.05,
              1 + random.nextInt(12),
              1 + random.nextInt(7),
              random.nextInt(4) == 0 ? MineOptions.Fallback.DROP : MineOptions.Fallback.RANDOM,
              random.nextInt(3));
      JudgedQuery query = RandomScores.query(seed);
      MinedQuery mined = new MiningRule(options).mine(query);
      assertEquals(oracle(query, options), table(mined), "seed " + seed);
      seen.merge(mined.fill().map(Fill::label).orElse("none"), 1, Integer::sum);
      mined.verdicts().forEach(v -> seen.merge(v.decision().label(), 1, Integer::sum));
      mined.rejects().forEach(reject -> seen.merge(reject.reason(), 1, Integer::sum));
      seen.merge(mined.positives().size() + " positives", 1, Integer::sum);
    }
    for (String kind :
        List.of(
            "complete",
            "repeated",
            "random",
            "none",
            "kept",
            "positive",
            "same_content",
            "duplicate_content",
            "false_negative",
            "not_sampled",
            "filled",
            "positive_not_judged",
            "no_candidates",
            "1 positives",
            "3 positives")) {
      assertTrue(seen.getOrDefault(kind, 0) >= 20, kind + " is hardly tested: " + seen);
    }
  }

  /** Negatives as "id score", then decisions as "id decision"; slow, and written from the paper. */
  private static List<List<String>> oracle(JudgedQuery query, MineOptions options)
      throws Exception {
    List<String> list = new ArrayList<>();
    List<String> decisions = new ArrayList<>();
    float alpha = Float.POSITIVE_INFINITY;
    for (Positive p : query.positives()) {
      alpha = p.score() == null ? alpha : Math.min(alpha, (float) (p.score() - options.beta()));
    }
    if (alpha == Float.POSITIVE_INFINITY) {
      return List.of(list, decisions);
    }
    List<Candidate> good = new ArrayList<>();
    TreeMap<BigInteger, Candidate> bad = new TreeMap<>();
    List<String> contents = new ArrayList<>();
    for (Candidate c : query.candidates().stream().sorted(MiningOracleTest::moreSimilar).toList()) {
      boolean same = c.contentHash() != null && c.contentHash().equals(query.contentHash());
      boolean own = false;
      for (Positive p : query.positives()) {
        same |= c.contentHash() != null && c.contentHash().equals(p.contentHash());
        own |= c.candidateId().equals(p.candidateId());
      }
      if (!own && !same && c.contentHash() != null && contents.contains(c.contentHash())) {
        decisions.add(c.candidateId() + " duplicate_content");
        continue;
      }
      if (!own && !same) {
        contents.add(c.contentHash());
      }
      if (!own && !same && c.score() > alpha) {
        String name = options.seed() + "\0" + query.queryId() + "\0" + c.candidateId();
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        bad.put(new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(bytes)), c);
      } else if (!own && !same) {
        good.add(c);
      } else {
        decisions.add(c.candidateId() + (own ? " positive" : " same_content"));
      }
    }
    good.sort(MiningOracleTest::moreSimilar);
    List<Candidate> taken = new ArrayList<>();
    for (int place = 0; place < good.size() * options.step(); place++) {
      int i = place / good.size() + place % good.size() * options.step();
      if (i < good.size() && taken.size() < options.negatives()) {
        taken.add(good.get(i));
      }
    }
    boolean random = good.isEmpty() && options.fallback() == MineOptions.Fallback.RANDOM;
    taken.addAll(random ? bad.values().stream().limit(options.negatives()).toList() : List.of());
    for (int i = 0; !taken.isEmpty() && i < options.negatives(); i++) {
      Candidate c = taken.get(i % taken.size());
      list.add(c.candidateId() + " " + (random ? 1f : c.score()));
    }
    good.forEach(
        c -> decisions.add(c.candidateId() + (taken.contains(c) ? " kept" : " not_sampled")));
    bad.values()
        .forEach(
            c ->
                decisions.add(
                    c.candidateId() + (taken.contains(c) ? " filled" : " false_negative")));
    Collections.sort(decisions);
    return List.of(list, decisions);
  }

  private static int moreSimilar(Candidate a, Candidate b) {
    float left = a.similarity() == null ? -2 : a.similarity();
    float right = b.similarity() == null ? -2 : b.similarity();
    return left != right ? Float.compare(right, left) : a.candidateId().compareTo(b.candidateId());
  }

  private static List<List<String>> table(MinedQuery mined) {
    return List.of(
        mined.negatives().stream().map(n -> n.candidateId() + " " + n.score()).toList(),
        mined.verdicts().stream()
            .map(v -> v.candidateId() + " " + v.decision().label())
            .sorted()
            .toList());
  }
}
