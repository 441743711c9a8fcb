package dev.assay.scenes.world;

import java.util.Locale;

/** The words of captions for constants. */
final class Words {
  private Words() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
