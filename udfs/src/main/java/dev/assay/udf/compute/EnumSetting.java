package dev.assay.udf.compute;

import java.util.Arrays;
import java.util.Locale;

/** Enums as words in settings: {@code QUERY_FIRST} is {@code query-first}. */
public final class EnumSetting {
  private EnumSetting() {}

  /** The word for one constant: its name in lower case, with hyphens. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The words for all constants, in their order. */
  public static <E extends Enum<E>> String[] words(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(EnumSetting::word).toArray(String[]::new);
  }

  /**
   * The constant for a word.
   *
   * @param setting the setting's name, for the message
   * @throws IllegalArgumentException if there is none
   */
  public static <E extends Enum<E>> E parse(Class<E> type, String setting, String word) {
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(word)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        setting + " is '" + word + "', but must be one of: " + String.join(", ", words(type)));
  }
}
