package dev.assay.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.assay.job.failure.SettingsException;
import java.io.File;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Configuration, settled: what the command line sets, over configuration files (the last one wins),
 * over reference.conf. Every key is one that reference.conf has, every value of its type.
 */
final class Settings {
  private static final String SPARK = "assay.spark.";

  private final Config config;

  private Settings(Config config) {
    this.config = config;
  }

  /**
   * Reads configuration.
   *
   * @param files HOCON files, later ones winning
   * @param assignments {@code KEY=VALUE}, over files; values are taken literally
   * @throws SettingsException for an unknown key, a value of the wrong type, an unreadable file
   */
  static Settings read(List<String> files, List<String> assignments) {
    return read(ConfigFactory.empty(), files, assignments);
  }

  /**
   * The same, over settings that a job brings.
   *
   * @param given what files and assignments win over
   */
  static Settings read(Config given, List<String> files, List<String> assignments) {
    // Other libraries may bring a reference.conf too: all are read, and only our part is kept.
    Config reference =
        ConfigFactory.parseResources(Settings.class.getClassLoader(), "reference.conf")
            .withOnlyPath("assay");
    for (String file : files) {
      given = parse(file).withFallback(given);
    }
    for (String assignment : assignments) {
      given = assign(assignment).withFallback(given);
    }
    try {
      Config resolved = given.withFallback(reference).resolve(ConfigResolveOptions.defaults());
      check(given.resolve(), reference.resolve());
      return new Settings(resolved);
    } catch (ConfigException e) {
      throw new SettingsException("Cannot read the configuration: " + firstLine(e), e);
    }
  }

  private static Config parse(String file) {
    try {
      return ConfigFactory.parseFile(
          new File(file), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException.IO e) {
      throw new SettingsException("Cannot read configuration file " + file + ": not found", e);
    } catch (ConfigException e) {
      throw new SettingsException("Cannot read configuration file: " + firstLine(e), e);
    }
  }

  private static Config assign(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new SettingsException("Cannot set " + assignment + ": --set takes KEY=VALUE");
    }
    String key = assignment.substring(0, equals).strip();
    String value = assignment.substring(equals + 1).strip();
    try {
      return ConfigValueFactory.fromAnyRef(value, "--set " + key).atPath(key);
    } catch (ConfigException e) {
      throw new SettingsException("Cannot set " + key + ": it is not a key", e);
    }
  }

  private static void check(Config given, Config reference) {
    Map<String, ConfigValue> known =
        reference.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      String key = entry.getKey();
      if (key.startsWith(SPARK)) {
        continue;
      }
      if (!known.containsKey(key)) {
        throw new SettingsException(
            "Unknown key "
                + key
                + " ("
                + entry.getValue().origin().description()
                + "); the nearest known one is "
                + Nearest.to(key, known.keySet()));
      }
      checkType(key, entry.getValue(), known.get(key));
    }
  }

  private static void checkType(String key, ConfigValue value, ConfigValue reference) {
    if (value.valueType() == ConfigValueType.LIST || value.valueType() == ConfigValueType.NULL) {
      throw wrong(key, "one value", value);
    }
    if (reference.valueType() == ConfigValueType.NUMBER) {
      BigDecimal number = number(key, value).stripTrailingZeros();
      // As it is written: the parser makes 1 of 1.0.
      boolean whole = reference.atKey("it").getString("it").matches("-?\\d+");
      if (whole && number.scale() > 0) {
        throw wrong(key, "a whole number", value);
      }
    }
  }

  private static BigDecimal number(String key, ConfigValue value) {
    try {
      return new BigDecimal(value.unwrapped().toString());
    } catch (NumberFormatException e) {
      throw wrong(key, "a number", value);
    }
  }

  private static SettingsException wrong(String key, String kind, ConfigValue value) {
    return new SettingsException(
        key
            + " must be "
            + kind
            + ", not "
            + value.unwrapped()
            + " ("
            + value.origin().description()
            + ")");
  }

  String text(String key) {
    return config.getString(key);
  }

  double real(String key) {
    return number(key, config.getValue(key)).doubleValue();
  }

  /** A whole number of at least {@code least}. */
  long whole(String key, long least) {
    return whole(key, least, Long.MAX_VALUE);
  }

  /** A whole number of at least {@code least} that an int can hold. */
  int count(String key, int least) {
    return (int) whole(key, least, Integer.MAX_VALUE);
  }

  private long whole(String key, long least, long most) {
    ConfigValue given = config.getValue(key);
    BigDecimal value = number(key, given);
    if (value.compareTo(BigDecimal.valueOf(least)) < 0) {
      throw wrong(key, "at least " + least, given);
    }
    if (value.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw wrong(key, "at most " + most, given);
    }
    return value.longValueExact();
  }

  /** {@code true} or {@code false}. */
  boolean flag(String key) {
    return choice(key, "true", "false").equals("true");
  }

  /** One of a few words, which are the constants' names in lower case with hyphens. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    return choice(key, text(key), type);
  }

  static <E extends Enum<E>> E choice(String what, String word, Class<E> type) {
    E[] constants = type.getEnumConstants();
    String[] words = Stream.of(constants).map(Settings::word).toArray(String[]::new);
    return constants[Arrays.asList(words).indexOf(choice(what, word, words))];
  }

  /** One of a few words. */
  String choice(String key, String... words) {
    return choice(key, text(key), words);
  }

  private static String choice(String what, String word, String[] words) {
    if (!Arrays.asList(words).contains(word)) {
      throw new SettingsException(
          what + " must be one of " + String.join(", ", words) + ", not " + word);
    }
    return word;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What stands under {@code assay.spark}, by Spark's own names: {@code spark.…}. */
  Map<String, String> spark() {
    Map<String, String> settings = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : config.getConfig("assay.spark").entrySet()) {
      String name = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      settings.put("spark." + name, entry.getValue().unwrapped().toString());
    }
    return settings;
  }

  private static String firstLine(ConfigException e) {
    return e.getMessage().lines().findFirst().orElse("");
  }
}
