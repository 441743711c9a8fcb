package dev.assay.cli.settings;

import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.store.Slices;
import dev.assay.udf.OrderChoice;
import dev.assay.udf.compute.Compute;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.PrecisionChoice;

/** How models that are not trained run: the embedder and the judge. */
public final class InferenceSettings {
  private InferenceSettings() {}

  public static EmbedJobOptions embed(Settings settings) {
    return new EmbedJobOptions(
        settings.text("assay.models.embedder"),
        compute(settings, "assay.embed"),
        slices(settings, "assay.embed"));
  }

  public static JudgeJobOptions judge(Settings settings) {
    return new JudgeJobOptions(
        settings.text("assay.models.judge"),
        compute(settings, "assay.judge"),
        order(settings),
        settings.text("assay.judge.instruction"),
        slices(settings, "assay.judge"));
  }

  static OrderChoice order(Settings settings) {
    return settings.choice("assay.judge.order", OrderChoice.class);
  }

  /** The device, the precision and the batches of a job. */
  static Compute compute(Settings settings, String job) {
    return new Compute(
        device(settings),
        precision(settings),
        settings.count(job + ".batch-size", 1),
        settings.count(job + ".max-tokens", 1),
        settings.whole("assay.image.max-pixels", 1));
  }

  /** How a job's work is divided between commits. */
  static Slices slices(Settings settings, String job) {
    return new Slices(
        settings.whole(job + ".slice-size", 1), settings.count("assay.store.slices-in-flight", 1));
  }

  static DeviceChoice device(Settings settings) {
    return settings.choice("assay.device", DeviceChoice.class);
  }

  static PrecisionChoice precision(Settings settings) {
    return settings.choice("assay.precision", PrecisionChoice.class);
  }
}
