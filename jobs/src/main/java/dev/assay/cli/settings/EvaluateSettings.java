package dev.assay.cli.settings;

import dev.assay.job.evaluate.EvaluateOptions;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.search.Pool;

/** What is evaluated, and how. */
public final class EvaluateSettings {
  private EvaluateSettings() {}

  public static EvaluateOptions of(Settings settings) {
    return new EvaluateOptions(
        settings.text("assay.evaluate.data"),
        EvaluatedSystem.parse(settings.text("assay.evaluate.systems")),
        settings.text("assay.models.embedder"),
        settings.text("assay.models.reranker"),
        InferenceSettings.embed(settings, "embedder"), // each system is run with its own
        InferenceSettings.judge(
            settings, "reranker", settings.text("assay.train-reranker.pair-instruction")),
        settings.text("assay.train-reranker.list-instruction"),
        settings.choice("assay.evaluate.pool", Pool.class),
        settings.count("assay.evaluate.depth", 1),
        settings.choice("assay.evaluate.rerank-method", EvaluateOptions.RerankMethod.class),
        settings.count("assay.evaluate.rerank-top", 1),
        settings.count("assay.retrieve.block-size", 1),
        settings.count("assay.evaluate.resamples", 1),
        settings.whole("assay.evaluate.seed", Long.MIN_VALUE));
  }
}
