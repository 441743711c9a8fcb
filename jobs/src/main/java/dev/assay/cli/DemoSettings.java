package dev.assay.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.assay.job.demo.DemoInput;
import dev.assay.job.demo.DemoModels;
import dev.assay.job.failure.SettingsException;

/** What the demo sets: demo.conf, the models of the distribution, and its own input. */
final class DemoSettings {
  private DemoSettings() {}

  /** The settings of a demo in a workspace with these models. */
  static Config of(String workspace, DemoModels models) {
    return ConfigFactory.parseResources(DemoSettings.class.getClassLoader(), "demo.conf")
        .withValue("assay.ingest.input", value(DemoInput.folder(workspace)))
        .withValue("assay.evaluate.data", value(DemoInput.heldOut(workspace)))
        .withValue("assay.models.embedder", value(models.embedder()))
        .withValue("assay.models.judge", value(models.judge()));
  }

  /**
   * The models that come with Assay.
   *
   * @throws SettingsException if it is not known where the distribution lies
   */
  static DemoModels models() {
    String home = System.getProperty("assay.home");
    if (home == null) {
      throw new SettingsException(
          "Cannot run the demo: system property assay.home is not set; start it with bin/assay");
    }
    return DemoModels.ofDistribution(home);
  }

  private static ConfigValue value(String text) {
    return ConfigValueFactory.fromAnyRef(text, "demo");
  }
}
