package dev.assay.cli.settings;

import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.udf.OrderChoice;
import dev.assay.udf.compute.Compute;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.PrecisionChoice;

/** How models that are not trained run: the embedder and the judge. */
public final class InferenceSettings {
  private InferenceSettings() {}

  public static EmbedJobOptions embed(Settings settings) {
    return embed(settings, settings.text("assay.models.embedder"));
  }

  static EmbedJobOptions embed(Settings settings, String model) {
    return new EmbedJobOptions(
        model, compute(settings, "assay.embed"), settings.whole("assay.embed.slice-size", 1));
  }

  public static JudgeJobOptions judge(Settings settings) {
    return judge(
        settings, settings.text("assay.models.judge"), settings.text("assay.judge.instruction"));
  }

  static JudgeJobOptions judge(Settings settings, String model, String instruction) {
    return new JudgeJobOptions(
        model,
        compute(settings, "assay.judge"),
        settings.choice("assay.judge.order", OrderChoice.class),
        instruction,
        settings.whole("assay.judge.slice-size", 1));
  }

  /** The device, the precision and the batches of a job. */
  private static Compute compute(Settings settings, String job) {
    return new Compute(
        device(settings),
        precision(settings),
        settings.count(job + ".batch-size", 1),
        settings.count(job + ".max-tokens", 1),
        settings.whole("assay.image.max-pixels", 1));
  }

  static DeviceChoice device(Settings settings) {
    return settings.choice("assay.device", DeviceChoice.class);
  }

  static PrecisionChoice precision(Settings settings) {
    return settings.choice("assay.precision", PrecisionChoice.class);
  }
}
