package dev.assay.job.mine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.failure.SettingsException;
import dev.assay.job.mine.JudgedQuery.Candidate;
import dev.assay.job.mine.JudgedQuery.Positive;
import dev.assay.job.mine.MinedQuery.Negative;
import dev.assay.job.mine.MinedQuery.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MiningRuleTest {
  private static final MiningRule PAPER = new MiningRule(MineOptions.defaults());
  private static final Positive POSITIVE = new Positive("p", "hash of p", 0.9f);

  @Test
  void dropsCandidatesAboveThePositivesScoreMinusBeta() {
    MinedQuery mined =
        mine(List.of(POSITIVE), at(0, 0.891f), at(1, 0.89f), at(2, 0.889f), at(3, 0.95f));
    assertEquals(
        Map.of("c0", "false_negative", "c1", "kept", "c2", "kept", "c3", "false_negative"),
        decisions(mined));
  }

  @Test
  void writesTheThresholdThatItComparedWith() {
    MinedQuery mined = mine(List.of(POSITIVE), at(0, 0.95f), at(1, 0.2f));
    for (Verdict verdict : mined.verdicts()) {
      assertEquals((float) (0.9f - 0.01), verdict.threshold());
    }
  }

  @Test
  void takesTheLowestOfSeveralPositiveScores() {
    Positive lower = new Positive("p2", null, 0.5f);
    MinedQuery mined = mine(List.of(POSITIVE, lower), at(0, 0.6f), at(1, 0.4f));
    assertEquals(Map.of("c0", "false_negative", "c1", "kept"), decisions(mined));
    assertEquals(List.of(POSITIVE, lower), mined.positives());
  }

  @Test
  void neverTakesAPositiveOrItsTwin() {
    Candidate positive = new Candidate("p", "hash of p", 0, 0.9f, -5f, 0.1f);
    Candidate twin = new Candidate("c1", "hash of p", 1, 0.8f, -5f, 0.1f);
    MinedQuery mined = mine(List.of(POSITIVE), positive, twin, at(2, 0.1f));
    assertEquals(Map.of("p", "positive", "c1", "same_content", "c2", "kept"), decisions(mined));
  }

  @Test
  void neverTakesATwinOfAPositiveThatWasNotJudged() {
    Positive unjudged = new Positive("p2", "hash of p2", null);
    Candidate twin = new Candidate("c1", "hash of p2", 1, 0.8f, -5f, 0.1f);
    MinedQuery mined = mine(List.of(POSITIVE, unjudged), twin, at(2, 0.1f));
    assertEquals(Map.of("c1", "same_content", "c2", "kept"), decisions(mined));
    assertEquals(List.of(POSITIVE), mined.positives());
    assertEquals(List.of("positive_not_judged"), reasons(mined));
  }

  @Test
  void neverTakesATwinOfTheQuery() {
    Candidate twin = new Candidate("c1", "hash of q", 1, 0.8f, -5f, 0.1f);
    assertEquals("same_content", decisions(mine(List.of(POSITIVE), twin)).get("c1"));
  }

  @Test
  void aContentUnderSeveralIdsTakesOneRank() {
    Candidate[] twins = new Candidate[12];
    for (int i = 0; i < twins.length; i++) {
      twins[i] = new Candidate("c" + (char) ('z' - i), "twin", i, 0.8f, -5f, 0.1f);
    }
    MinedQuery mined = mine(List.of(POSITIVE), twins);
    assertEquals(Optional.of(Fill.REPEATED), mined.fill());
    assertEquals(List.of("co"), negatives(mined).stream().distinct().toList());
    assertEquals("kept", decisions(mined).get("co"));
    assertEquals("duplicate_content", decisions(mined).get("cz"));
    for (Verdict verdict : mined.verdicts()) {
      assertEquals(verdict.decision() != Decision.KEPT, verdict.threshold() == null);
    }
  }

  @Test
  void theMoreSimilarOfOneContentStandsForIt() {
    Candidate near = new Candidate("c2", "twin", 0, 0.9f, -5f, 0.1f);
    Candidate far = new Candidate("c1", "twin", 1, 0.8f, -5f, 0.1f);
    assertEquals(
        Map.of("c1", "duplicate_content", "c2", "kept"),
        decisions(mine(List.of(POSITIVE), far, near)));
  }

  @Test
  void aFalseNegativeUnderSeveralIdsIsDrawnOnce() {
    Candidate one = new Candidate("c1", "twin", 0, 0.9f, 5f, 0.99f);
    Candidate other = new Candidate("c2", "twin", 1, 0.9f, 5f, 0.99f);
    Candidate third = new Candidate("c3", "third", 2, 0.9f, 5f, 0.99f);
    MinedQuery mined = mine(List.of(POSITIVE), one, other, third);
    assertEquals(Optional.of(Fill.RANDOM), mined.fill());
    assertEquals(
        Map.of("c1", "filled", "c2", "duplicate_content", "c3", "filled"), decisions(mined));
    assertEquals(2, negatives(mined).stream().distinct().count());
  }

  @Test
  void unknownContentEqualsNothing() {
    Candidate unknown = new Candidate("c1", null, 1, 0.8f, -5f, 0.1f);
    JudgedQuery query =
        new JudgedQuery("q", null, List.of(new Positive("p", null, 0.9f)), List.of(unknown));
    assertEquals(Map.of("c1", "kept"), decisions(PAPER.mine(query)));
  }

  @Test
  void takesEveryFifthInTheOrderOfSimilarity() {
    MinedQuery mined = mine(List.of(POSITIVE), candidates(50));
    assertEquals(ids(0, 5, 10, 15, 20, 25, 30, 35, 40, 45), negatives(mined));
    assertEquals(Optional.of(Fill.COMPLETE), mined.fill());
    assertEquals("not_sampled", decisions(mined).get("c01"));
  }

  @Test
  void startsAgainAtTheSecondWhenTheEndIsReached() {
    assertEquals(
        ids(0, 5, 10, 15, 20, 1, 6, 11, 16, 21),
        negatives(mine(List.of(POSITIVE), candidates(23))));
  }

  @Test
  void breaksTiesInSimilarityByCandidateId() {
    Candidate[] tied = {tied("c3"), tied("c1"), tied("c2")};
    assertEquals(List.of("c1", "c2", "c3"), negatives(mine(List.of(POSITIVE), tied)).subList(0, 3));
  }

  @Test
  void repeatsTheOrderOfSelectionWhenTooFewAreLeft() {
    MinedQuery mined = mine(List.of(POSITIVE), candidates(7));
    assertEquals(ids(0, 5, 1, 6, 2, 3, 4, 0, 5, 1), negatives(mined));
    assertEquals(Optional.of(Fill.REPEATED), mined.fill());
  }

  @Test
  void drawsFromTheFalseNegativesWithScoreOneWhenNoneIsLeft() {
    MinedQuery mined = mine(List.of(POSITIVE), judged(30, 0.99f));
    assertEquals(Optional.of(Fill.RANDOM), mined.fill());
    assertEquals(10, mined.negatives().stream().map(Negative::candidateId).distinct().count());
    mined.negatives().forEach(negative -> assertEquals(1f, negative.score()));
    Map<String, Long> counts =
        decisions(mined).values().stream()
            .collect(Collectors.groupingBy(label -> label, Collectors.counting()));
    assertEquals(Map.of("filled", 10L, "false_negative", 20L), counts);
  }

  @Test
  void repeatsTheDrawWhenEvenThatIsTooShort() {
    List<String> drawn = negatives(mine(List.of(POSITIVE), judged(4, 0.99f)));
    assertEquals(10, drawn.size());
    assertEquals(4, drawn.stream().distinct().count());
    assertEquals(drawn.subList(0, 4), drawn.subList(4, 8));
  }

  @Test
  void neverDrawsAPositiveOrItsTwin() {
    Candidate twin = new Candidate("c1", "hash of p", 1, 0.8f, 5f, 0.99f);
    Candidate positive = new Candidate("p", "hash of p", 0, 0.9f, 5f, 0.9f);
    MinedQuery mined = mine(List.of(POSITIVE), twin, positive);
    assertEquals(Optional.empty(), mined.fill());
    assertEquals(List.of("no_candidates"), reasons(mined));
  }

  @Test
  void drawsTheSameForTheSameSeedAndQueryInAnyOrder() {
    List<Candidate> shuffled = new ArrayList<>(List.of(judged(30, 0.99f)));
    Collections.shuffle(shuffled, new Random(1));
    List<String> first = negatives(mine(List.of(POSITIVE), judged(30, 0.99f)));
    assertEquals(first, negatives(mine(List.of(POSITIVE), shuffled.toArray(Candidate[]::new))));
    MineOptions otherSeed = new MineOptions(0.01, 10, 5, MineOptions.Fallback.RANDOM, 1);
    JudgedQuery query = new JudgedQuery("q", null, List.of(POSITIVE), shuffled);
    JudgedQuery otherQuery = new JudgedQuery("q2", null, List.of(POSITIVE), shuffled);
    assertNotEquals(first, negatives(new MiningRule(otherSeed).mine(query)));
    assertNotEquals(first, negatives(PAPER.mine(otherQuery)));
  }

  @Test
  void aBetaOfMinusOneRejectsNoFalseNegative() {
    MineOptions unasked = new MineOptions(-1, 10, 1, MineOptions.Fallback.RANDOM, 0);
    JudgedQuery query = new JudgedQuery("q", null, List.of(POSITIVE), List.of(judged(10, 1f)));
    MinedQuery mined = new MiningRule(unasked).mine(query);
    assertEquals(ids(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), negatives(mined));
    assertEquals(Optional.of(Fill.COMPLETE), mined.fill());
  }

  @Test
  void leavesTheQueryOutWhenTheFallbackIsDrop() {
    MineOptions drop = new MineOptions(0.01, 10, 5, MineOptions.Fallback.DROP, 0);
    JudgedQuery query = new JudgedQuery("q", null, List.of(POSITIVE), List.of(judged(3, 0.99f)));
    MinedQuery mined = new MiningRule(drop).mine(query);
    assertEquals(Optional.empty(), mined.fill());
    assertTrue(mined.negatives().isEmpty() && mined.positives().isEmpty());
    assertEquals(List.of(), reasons(mined));
    assertEquals(
        Map.of("c00", "false_negative", "c01", "false_negative", "c02", "false_negative"),
        decisions(mined));
  }

  @Test
  void rejectsAQueryWhosePositiveWasNotJudged() {
    for (Float score : new Float[] {null, Float.NaN, Float.POSITIVE_INFINITY}) {
      MinedQuery mined = mine(List.of(new Positive("p", null, score)), candidates(20));
      assertTrue(mined.negatives().isEmpty() && mined.verdicts().isEmpty());
      assertEquals(List.of("positive_not_judged"), reasons(mined));
    }
  }

  @Test
  void rejectsAQueryWithoutAPositive() {
    assertEquals(List.of("no_positive"), reasons(mine(List.of(), candidates(20))));
  }

  @Test
  void rejectsAQueryWithoutCandidates() {
    assertEquals(List.of("no_candidates"), reasons(mine(List.of(POSITIVE))));
  }

  @Test
  void rejectsCandidatesWithoutAFiniteScoreAndGoesOn() {
    Candidate nan = new Candidate("bad1", null, 0, 0.9f, 1f, Float.NaN);
    Candidate none = new Candidate("bad2", null, 0, 0.9f, null, null);
    Candidate endless = new Candidate("bad3", null, 0, 0.9f, Float.NEGATIVE_INFINITY, 0f);
    MinedQuery mined = mine(List.of(POSITIVE), nan, none, endless, at(1, 0.1f));
    assertEquals(Map.of("c1", "kept"), decisions(mined));
    assertEquals(
        List.of("candidate_not_judged", "candidate_not_judged", "candidate_not_judged"),
        reasons(mined));
  }

  @Test
  void worksTheExampleOfTheDocumentation() {
    Candidate[] candidates = {
      judged("a", 0.81f, 0.97f),
      judged("b", 0.80f, 0.40f),
      judged("c", 0.78f, 0.10f),
      judged("d", 0.78f, 0.89f),
      judged("e", 0.75f, 0.02f),
      judged("f", 0.71f, 0.30f),
      judged("g", 0.70f, 0.05f)
    };
    MineOptions four = new MineOptions(0.01, 4, 5, MineOptions.Fallback.RANDOM, 0);
    JudgedQuery query = new JudgedQuery("q", null, List.of(POSITIVE), List.of(candidates));
    assertEquals(List.of("b", "g", "c", "d"), negatives(new MiningRule(four).mine(query)));
    assertEquals(
        List.of("b", "g", "c", "d", "e", "f", "b", "g", "c", "d"), negatives(PAPER.mine(query)));
    assertEquals("false_negative", decisions(PAPER.mine(query)).get("a"));
  }

  @Test
  void refusesSettingsOutOfRange() {
    MineOptions.Fallback random = MineOptions.Fallback.RANDOM;
    for (double beta : new double[] {-1.01, 1.01, Double.NaN}) {
      assertThrows(SettingsException.class, () -> new MineOptions(beta, 10, 5, random, 0));
    }
    assertThrows(SettingsException.class, () -> new MineOptions(0.01, 0, 5, random, 0));
    assertThrows(SettingsException.class, () -> new MineOptions(0.01, 10, 0, random, 0));
  }

  private static MinedQuery mine(List<Positive> positives, Candidate... candidates) {
    return PAPER.mine(new JudgedQuery("q", "hash of q", positives, List.of(candidates)));
  }

  private static Candidate at(int place, float score) {
    return new Candidate("c" + place, null, place, 0.9f - place / 100f, 0f, score);
  }

  private static Candidate judged(String id, float similarity, float score) {
    return new Candidate(id, null, 0, similarity, 0f, score);
  }

  private static Candidate tied(String id) {
    return new Candidate(id, null, 0, 0.5f, 0f, 0.1f);
  }

  private static Candidate[] candidates(int size) {
    return judged(size, 0.1f);
  }

  private static Candidate[] judged(int size, float score) {
    Candidate[] candidates = new Candidate[size];
    for (int i = 0; i < size; i++) {
      candidates[i] = new Candidate(id(i), "hash " + i, i, 0.9f - i / 100f, 0f, score);
    }
    return candidates;
  }

  private static String id(int i) {
    return String.format("c%02d", i);
  }

  private static List<String> ids(int... places) {
    return Arrays.stream(places).mapToObj(MiningRuleTest::id).toList();
  }

  private static List<String> negatives(MinedQuery mined) {
    return mined.negatives().stream().map(Negative::candidateId).toList();
  }

  private static Map<String, String> decisions(MinedQuery mined) {
    return mined.verdicts().stream()
        .collect(Collectors.toMap(Verdict::candidateId, v -> v.decision().label()));
  }

  private static List<String> reasons(MinedQuery mined) {
    return mined.rejects().stream().map(MinedQuery.Reject::reason).toList();
  }
}
