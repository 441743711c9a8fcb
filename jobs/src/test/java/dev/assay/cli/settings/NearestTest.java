package dev.assay.cli.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void countsInsertionsDeletionsAndReplacements() {
    assertEquals(0, Nearest.distance("mine", "mine"));
    assertEquals(3, Nearest.distance("kitten", "sitting"));
    assertEquals(4, Nearest.distance("", "mine"));
    assertEquals(4, Nearest.distance("mine", ""));
  }

  @Test
  void givesTheNearestName() {
    assertEquals("top-k", Nearest.to("top_k", List.of("pool", "top-k", "step")));
  }
}
