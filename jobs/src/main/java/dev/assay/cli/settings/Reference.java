package dev.assay.cli.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** reference.conf: every setting with its default, and its meaning in the comment above it. */
public final class Reference {
  /** A setting of the second means what the setting of the same name means in the first. */
  private static final Map<String, String> MEANS_THE_SAME =
      Map.of("assay.train-reranker.", "assay.train-embedder.");

  /**
   * A setting.
   *
   * @param value the default as it is written; for a reference to another setting that setting's
   *     key in braces: {@code ${assay.models.embedder}}
   * @param meaning one or more sentences
   */
  public record Setting(String key, String value, String meaning) {}

  private Reference() {}

  /** Other libraries may bring a reference.conf too: all are read, and only our part is kept. */
  static Config config() {
    return resource("reference.conf").withOnlyPath("assay");
  }

  /** A file of settings beside reference.conf. */
  static Config resource(String name) {
    return ConfigFactory.parseResources(Reference.class.getClassLoader(), name);
  }

  /** All settings, in the order of the file. */
  public static List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    collect("", config().root(), settings);
    Map<String, String> meanings =
        settings.stream().collect(Collectors.toMap(Setting::key, Setting::meaning));
    settings.replaceAll(setting -> explained(setting, meanings));
    return settings;
  }

  private static void collect(String path, ConfigObject object, List<Setting> settings) {
    List<Map.Entry<String, ConfigValue>> entries = new ArrayList<>(object.entrySet());
    entries.sort(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()));
    for (Map.Entry<String, ConfigValue> entry : entries) {
      String key = path + entry.getKey();
      ConfigValue value = entry.getValue();
      if (value instanceof ConfigObject inner) {
        collect(key + ".", inner, settings);
      } else {
        String meaning =
            value.origin().comments().stream().map(String::strip).collect(Collectors.joining(" "));
        settings.add(new Setting(key, written(value), meaning));
      }
    }
  }

  /** A default as it is written. */
  static String written(ConfigValue value) {
    try {
      return value.atKey("it").getString("it"); // as written: 1.0 stays 1.0
    } catch (ConfigException.NotResolved e) {
      return value.render();
    }
  }

  private static Setting explained(Setting setting, Map<String, String> meanings) {
    if (!setting.meaning().isEmpty()) {
      return setting;
    }
    for (Map.Entry<String, String> same : MEANS_THE_SAME.entrySet()) {
      if (setting.key().startsWith(same.getKey())) {
        String other = same.getValue() + setting.key().substring(same.getKey().length());
        return new Setting(setting.key(), setting.value(), meanings.getOrDefault(other, ""));
      }
    }
    return setting;
  }
}
