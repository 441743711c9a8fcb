package dev.assay.cli.settings;

import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.inference.JudgeJobOptions;

/** How models that are not trained run: the embedder and the judge. */
public final class InferenceSettings {
  private InferenceSettings() {}

  public static EmbedJobOptions embed(Settings settings) {
    return embed(settings, settings.text("assay.models.embedder"));
  }

  static EmbedJobOptions embed(Settings settings, String model) {
    return new EmbedJobOptions(
        model,
        device(settings),
        precision(settings),
        settings.count("assay.embed.batch-size", 1),
        settings.count("assay.embed.max-tokens", 1),
        settings.whole("assay.image.max-pixels", 1),
        settings.whole("assay.embed.slice-size", 1));
  }

  public static JudgeJobOptions judge(Settings settings) {
    return judge(
        settings, settings.text("assay.models.judge"), settings.text("assay.judge.instruction"));
  }

  static JudgeJobOptions judge(Settings settings, String model, String instruction) {
    return new JudgeJobOptions(
        model,
        device(settings),
        precision(settings),
        settings.choice("assay.judge.order", "query-first", "candidate-first", "auto"),
        instruction,
        settings.count("assay.judge.batch-size", 1),
        settings.count("assay.judge.max-tokens", 1),
        settings.whole("assay.image.max-pixels", 1),
        settings.whole("assay.judge.slice-size", 1));
  }

  static String device(Settings settings) {
    return settings.choice("assay.device", "auto", "cpu", "gpu");
  }

  static String precision(Settings settings) {
    return settings.choice("assay.precision", "auto", "float32", "bfloat16");
  }
}
