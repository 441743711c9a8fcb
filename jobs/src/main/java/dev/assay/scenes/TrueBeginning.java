package dev.assay.scenes;

import java.util.ArrayList;
import java.util.List;

/** How far a reader of a caption gets before it is certain that it is not true. */
public final class TrueBeginning {
  private static final Description NOTHING = new Description(null, null, null);

  private TrueBeginning() {}

  /** The number of words that can be read and leave it possibly true: all, if it is true. */
  public static int of(Caption caption, Scene scene) {
    int words = 0;
    for (Caption read : beginnings(caption)) {
      if (!read.isTrueOf(scene)) {
        break;
      }
      words = read.words().strip().split(" ").length;
    }
    return words;
  }

  /** A caption as it is read, word by word but for relations; "a" alone says nothing. */
  private static List<Caption> beginnings(Caption caption) {
    List<Caption> beginnings = new ArrayList<>();
    for (Description first : beginnings(caption.first())) {
      beginnings.add(new Caption(first, null, null));
    }
    if (caption.relation() != null) {
      for (Description second : beginnings(caption.second())) {
        beginnings.add(new Caption(caption.first(), caption.relation(), second));
      }
    }
    return beginnings;
  }

  private static List<Description> beginnings(Description whole) {
    List<Description> beginnings = new ArrayList<>(List.of(NOTHING));
    if (whole.size() != null) {
      beginnings.add(new Description(whole.size(), null, null));
    }
    if (whole.colour() != null) {
      beginnings.add(new Description(whole.size(), whole.colour(), null));
    }
    beginnings.add(whole);
    return beginnings;
  }
}
