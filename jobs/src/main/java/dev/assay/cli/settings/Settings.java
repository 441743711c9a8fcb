package dev.assay.cli.settings;

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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration of one run. The command line wins over configuration files, a later file over
 * an earlier one, and each of them over reference.conf. Every key is one that reference.conf has,
 * and every value has the type of its default.
 */
public final class Settings {
  private static final String SPARK = "assay.spark.";

  private final Config config;
  private final Set<String> keysRead = new TreeSet<>();

  private Settings(Config config) {
    this.config = config;
  }

  /**
   * Reads configuration.
   *
   * @param files HOCON files; a later one wins over an earlier one
   * @param assignments {@code KEY=VALUE}, which win over files; values are taken literally
   * @throws SettingsException for an unknown key, a value of the wrong type, an unreadable file
   */
  public static Settings read(List<String> files, List<String> assignments) {
    return read(ConfigFactory.empty(), files, assignments);
  }

  /**
   * Reads configuration of a job with defaults of its own.
   *
   * @param given the job's defaults: they win over reference.conf; files and assignments win over
   *     them
   * @throws SettingsException as above
   */
  public static Settings read(Config given, List<String> files, List<String> assignments) {
    Config reference = Reference.config();
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

  /** A setting as text; empty where nothing is set. */
  public String text(String key) {
    keysRead.add(key);
    return config.getString(key);
  }

  /** A number. */
  public double real(String key) {
    keysRead.add(key);
    return number(key, config.getValue(key)).doubleValue();
  }

  /** A whole number of at least {@code least}. */
  public long whole(String key, long least) {
    return whole(key, least, Long.MAX_VALUE);
  }

  /** A whole number of at least {@code least} that an int can hold. */
  public int count(String key, int least) {
    return (int) whole(key, least, Integer.MAX_VALUE);
  }

  private long whole(String key, long least, long most) {
    keysRead.add(key);
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
  public boolean flag(String key) {
    return choice(key, "true", "false").equals("true");
  }

  /**
   * One constant of an enum. It is written as its name in lower case, with hyphens.
   *
   * @throws SettingsException for any other word
   */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    return choice(key, text(key), type);
  }

  /**
   * The same for a word that does not come from a setting.
   *
   * @param what the setting or the option, for the message
   */
  public static <E extends Enum<E>> E choice(String what, String word, Class<E> type) {
    E[] constants = type.getEnumConstants();
    String[] words = Stream.of(constants).map(Settings::word).toArray(String[]::new);
    return constants[Arrays.asList(words).indexOf(choice(what, word, words))];
  }

  /**
   * One of a few words.
   *
   * @throws SettingsException for any other word
   */
  public String choice(String key, String... words) {
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

  /** The keys that were read so far: they concern the job that read them. */
  public Set<String> keysRead() {
    return Set.copyOf(keysRead);
  }

  /** Spark's own settings, from {@code assay.spark}, by Spark's names: {@code spark.…}. */
  public Map<String, String> spark() {
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
