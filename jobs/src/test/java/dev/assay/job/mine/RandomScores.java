package dev.assay.job.mine;

import dev.assay.job.mine.JudgedQuery.Candidate;
import dev.assay.job.mine.JudgedQuery.Positive;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Score tables of one query, made to collide: coarse scores, coarse similarities, few contents. */
final class RandomScores {
  private RandomScores() {}

  static JudgedQuery query(long seed) {
    Random random = random(seed);
    boolean hopeless = random.nextInt(8) == 0; // every candidate above the threshold
    boolean complete = random.nextInt(3) > 0; // every positive judged
    int contents = 1 + random.nextInt(80);
    List<Positive> positives = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      Float score = complete || random.nextBoolean() ? (60 + random.nextInt(41)) / 100f : null;
      positives.add(new Positive("q" + seed + "p" + i, content(random, contents), score));
    }
    List<Candidate> candidates = new ArrayList<>();
    int size = random.nextInt(10) == 0 ? 0 : random.nextInt(random.nextBoolean() ? 60 : 14);
    for (int i = 0; i < size; i++) {
      float score = hopeless ? 1f : random.nextInt(101) / 100f;
      candidates.add(candidate("q" + seed + "c" + i, content(random, contents), random, score));
    }
    for (Positive positive : positives) {
      if (positive.score() != null) {
        candidates.add(
            random.nextInt(candidates.size() + 1),
            candidate(positive.candidateId(), positive.contentHash(), random, positive.score()));
      }
    }
    return new JudgedQuery("q" + seed, content(random, contents), positives, candidates);
  }

  /** Neighbouring seeds of {@link Random} begin alike: they are spread first. */
  static Random random(long seed) {
    return new Random(seed * 0x9E3779B97F4A7C15L);
  }

  private static Candidate candidate(String id, String content, Random random, float score) {
    Float similarity = random.nextInt(20) == 0 ? null : random.nextInt(12) / 12f;
    return new Candidate(id, content, random.nextInt(50), similarity, 10 * score - 5, score);
  }

  private static String content(Random random, int contents) {
    return random.nextInt(10) == 0 ? null : "content" + random.nextInt(contents);
  }
}
