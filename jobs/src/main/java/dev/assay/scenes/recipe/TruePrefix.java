package dev.assay.scenes.recipe;

import dev.assay.scenes.world.Caption;
import dev.assay.scenes.world.Description;
import dev.assay.scenes.world.Scene;
import java.util.ArrayList;
import java.util.List;

/** The part of a caption that a reader can read before it is certain that the caption is false. */
public final class TruePrefix {
  private static final Description NOTHING = new Description(null, null, null);

  private TruePrefix() {}

  /** The number of words after which the caption can still be true; all words if it is true. */
  public static int of(Caption caption, Scene scene) {
    int words = 0;
    for (Caption prefix : prefixes(caption)) {
      if (!prefix.isTrueOf(scene)) {
        break;
      }
      words = prefix.words().strip().split(" ").length;
    }
    return words;
  }

  /** The prefixes of a caption, by word; a relation counts as one word, and "a" says nothing. */
  private static List<Caption> prefixes(Caption caption) {
    List<Caption> prefixes = new ArrayList<>();
    for (Description first : prefixes(caption.first())) {
      prefixes.add(new Caption(first, null, null));
    }
    if (caption.relation() != null) {
      for (Description second : prefixes(caption.second())) {
        prefixes.add(new Caption(caption.first(), caption.relation(), second));
      }
    }
    return prefixes;
  }

  private static List<Description> prefixes(Description whole) {
    List<Description> prefixes = new ArrayList<>(List.of(NOTHING));
    if (whole.size() != null) {
      prefixes.add(new Description(whole.size(), null, null));
    }
    if (whole.colour() != null) {
      prefixes.add(new Description(whole.size(), whole.colour(), null));
    }
    prefixes.add(whole);
    return prefixes;
  }
}
