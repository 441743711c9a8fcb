package dev.assay.model.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PacksTest {
  @Test
  void packsAreAsLongAsTheBoundAllows() {
    assertEquals(List.of(List.of(1, 2, 3), List.of(4, 2), List.of(6)), packs(6, 1, 2, 3, 4, 2, 6));
  }

  @Test
  void anElementAboveTheBoundIsAPackOfItsOwn() {
    assertEquals(List.of(List.of(9), List.of(1), List.of(9), List.of(9)), packs(6, 9, 1, 9, 9));
    assertEquals(List.of(List.of(2, 3), List.of(7)), packs(6, 2, 3, 7));
  }

  @Test
  void elementsOfNoSizeJoinAnyPack() {
    assertEquals(List.of(List.of(0, 6, 0), List.of(1, 0)), packs(6, 0, 6, 0, 1, 0));
  }

  @Test
  void noElementsMakeNoPack() {
    assertEquals(List.of(), packs(6));
  }

  @Test
  void sizesMayAddUpToMoreThanAnInt() {
    int much = Integer.MAX_VALUE;
    assertEquals(
        List.of(List.of(much), List.of(much), List.of(much)), packs(much, much, much, much));
  }

  private static List<List<Integer>> packs(int most, Integer... sizes) {
    return Packs.of(List.of(sizes), size -> size, most);
  }
}
