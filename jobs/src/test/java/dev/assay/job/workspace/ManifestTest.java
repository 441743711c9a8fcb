package dev.assay.job.workspace;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final SortedMap<String, String> INPUTS = new TreeMap<>(Map.of("queries", "x"));
  private static final SortedMap<String, String> SETTINGS = new TreeMap<>(Map.of("beta", "0.01"));

  @Test
  void matchesTheSameJobVersionInputsAndSettings() {
    assertTrue(manifest().matches(draft("mine", 2, INPUTS, SETTINGS)));
  }

  @Test
  void resultsOfAnotherVersionAreOutOfDate() {
    assertFalse(manifest().matches(draft("mine", 3, INPUTS, SETTINGS)));
  }

  @Test
  void resultsOfOtherInputsOrSettingsAreOutOfDate() {
    SortedMap<String, String> other = new TreeMap<>(Map.of("queries", "y"));
    assertFalse(manifest().matches(draft("mine", 2, other, SETTINGS)));
    assertFalse(manifest().matches(draft("mine", 2, INPUTS, new TreeMap<>())));
    assertFalse(manifest().matches(draft("judge", 2, INPUTS, SETTINGS)));
  }

  private static Manifest manifest() {
    return new Manifest(
        "id", List.of("c"), "{}", "mine", 2, INPUTS, SETTINGS, new TreeMap<>(), 1.5, "now");
  }

  private static Manifest.Draft draft(
      String job, int version, SortedMap<String, String> inputs, SortedMap<String, String> set) {
    return new Manifest.Draft(job, version, inputs, set, new TreeMap<>());
  }
}
