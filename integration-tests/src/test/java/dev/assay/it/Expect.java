package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.it.Assay.Run;

/** What every run owes its user, whichever way it ends. */
final class Expect {
  private Expect() {}

  /** Exit status 0. */
  static Run done(Run run) {
    assertEquals(0, run.status(), run::toString);
    return run;
  }

  /** Exit status 2, nothing on stdout, and on stderr one plain line that names the thing. */
  static void refused(Run run, String named) {
    assertEquals(2, run.status(), run::toString);
    assertEquals("", run.out(), run::toString);
    assertEquals(1, run.err().lines().count(), run::toString);
    assertTrue(run.err().contains(named), () -> "does not name " + named + ": " + run);
  }
}
