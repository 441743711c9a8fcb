package dev.assay.model.tokens;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts lists into what goes through a model together. */
public final class Packs {
  private Packs() {}

  /**
   * Cuts a list, in its order, into packs that are as long as a bound on their size allows. An
   * element that is larger than the bound is a pack of its own.
   *
   * @param size of an element, such as its tokens
   * @param most the bound on the sum of sizes in a pack
   */
  public static <T> List<List<T>> of(List<T> elements, ToIntFunction<T> size, int most) {
    List<List<T>> packs = new ArrayList<>();
    int first = 0;
    long sum = 0;
    for (int i = 0; i < elements.size(); i++) {
      int own = size.applyAsInt(elements.get(i));
      if (i > first && sum + own > most) {
        packs.add(List.copyOf(elements.subList(first, i)));
        first = i;
        sum = 0;
      }
      sum += own;
    }
    if (first < elements.size()) {
      packs.add(List.copyOf(elements.subList(first, elements.size())));
    }
    return packs;
  }
}
