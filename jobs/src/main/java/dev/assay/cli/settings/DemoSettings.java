package dev.assay.cli.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.assay.job.demo.DemoInput;
import dev.assay.job.demo.DemoModels;
import dev.assay.job.demo.DemoOptions;
import dev.assay.job.failure.SettingsException;
import java.util.Map;
import java.util.stream.Collectors;

/** What the demo sets: demo.conf, the models that come with Assay, and the input that it draws. */
public final class DemoSettings {
  private DemoSettings() {}

  /** The settings of a demo in a workspace with these models. */
  public static Config of(String workspace, DemoModels models) {
    return defaults()
        .withValue("assay.ingest.input", value(DemoInput.folder(workspace)))
        .withValue("assay.evaluate.data", value(DemoInput.heldOut(workspace)))
        .withValue("assay.models.embedder", value(models.embedder()))
        .withValue("assay.models.judge", value(models.judge()));
  }

  /**
   * The models that come with Assay.
   *
   * @throws SettingsException if the folder of the distribution is not known
   */
  public static DemoModels models() {
    String home = System.getProperty("assay.home");
    if (home == null) {
      throw new SettingsException(
          "Cannot run the demo: system property assay.home is not set; start it with bin/assay");
    }
    return DemoModels.ofDistribution(home);
  }

  private static Config defaults() {
    return Reference.resource("demo.conf");
  }

  /** The demo's own defaults by key, as they are written. */
  public static Map<String, String> values() {
    return defaults().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> Reference.written(e.getValue())));
  }

  /** Which scenes are drawn. */
  public static DemoOptions scenes(Settings settings) {
    return new DemoOptions(
        settings.count("assay.demo.queries", 1),
        settings.count("assay.demo.candidates", 1),
        settings.whole("assay.demo.seed", Long.MIN_VALUE));
  }

  private static ConfigValue value(String text) {
    return ConfigValueFactory.fromAnyRef(text, "demo");
  }
}
