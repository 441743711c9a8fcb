package dev.assay.job.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RuleTest {
  /** c00 at 0.99, c01 at 0.98, …; the positive at 0.90. */
  private static final List<Ranked> NEAREST =
      IntStream.range(0, 60)
          .mapToObj(i -> new Ranked("c%02d".formatted(i), 0.99 - i / 100.0, null, false))
          .toList();

  private static final Ranked POSITIVE = new Ranked("p", 0.90, 1f, true);

  private static List<String> chosen(String rule) {
    return Rule.all().get(rule).choose("q", NEAREST, POSITIVE).stream()
        .map(Ranked::candidateId)
        .toList();
  }

  private static List<String> ten(int first) {
    return IntStream.range(first, first + 10).mapToObj("c%02d"::formatted).toList();
  }

  @Test
  void takesTheTenMostSimilar() {
    assertEquals(ten(0), chosen("top 10 by similarity"));
  }

  @Test
  void takesOnlyCandidatesLessSimilarThanThePositive() {
    assertEquals(ten(10), chosen("top 10 less similar than the positive"));
  }

  @Test
  void aMarginKeepsAway() {
    assertEquals(ten(14), chosen("margin 0.05 below the positive"), "0.85 and less");
    assertEquals(ten(14), chosen("margin 5 % below the positive"), "0.855 and less");
  }

  @Test
  void aDrawIsRepeatableAndStaysAmongTheNearest() {
    List<String> drawn = chosen("random 10 of the 50");
    assertEquals(drawn, chosen("random 10 of the 50"));
    assertEquals(10, drawn.stream().distinct().count());
    assertEquals(drawn, drawn.stream().filter(id -> id.compareTo("c50") < 0).toList());
  }
}
