package dev.assay.scenes;

import java.util.Locale;

/** Names of constants as captions write them. */
final class Words {
  private Words() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
