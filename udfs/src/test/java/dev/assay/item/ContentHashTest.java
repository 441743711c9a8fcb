package dev.assay.item;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class ContentHashTest {
  @Test
  void sameContentHasTheSameHash() {
    assertEquals(ContentHash.of("a", new byte[] {1}), ContentHash.of("a", new byte[] {1}));
    assertEquals(ContentHash.of(null, null), ContentHash.of("", null));
    assertEquals(64, ContentHash.of("é", null).length());
  }

  @Test
  void textAndImageCannotBeTakenForEachOther() {
    assertNotEquals(ContentHash.of("ab", null), ContentHash.of("a", new byte[] {'b'}));
    assertNotEquals(ContentHash.of("", new byte[0]), ContentHash.of("", null));
    assertNotEquals(ContentHash.of("\u0001a", null), ContentHash.of("", new byte[] {'a'}));
  }

  /** Stored in tables: a change would make every pair new. */
  @Test
  void doesNotChangeBetweenVersions() {
    assertEquals(
        "73d6983c55828c43c9e7ad12bd7787e00038c532ed65f5c79f891e4687e6b517",
        ContentHash.of("a dog", new byte[] {1, 2, 3}));
  }
}
