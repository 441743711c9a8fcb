package dev.assay.cli.settings;

import dev.assay.job.evaluate.EvaluateOptions;
import dev.assay.job.evaluate.figures.Bootstrap;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.search.Pool;
import dev.assay.udf.RerankMethod;

/** What is evaluated, and how. */
public final class EvaluateSettings {
  private EvaluateSettings() {}

  public static EvaluateOptions of(Settings settings) {
    return new EvaluateOptions(
        settings.text("assay.evaluate.data"),
        EvaluatedSystem.parse(settings.text("assay.evaluate.systems")),
        new EvaluateOptions.Checkpoints(
            settings.text("assay.models.embedder"), settings.text("assay.models.reranker")),
        new EvaluateOptions.Embedding(
            InferenceSettings.compute(settings, "assay.embed"),
            InferenceSettings.slices(settings, "assay.embed")),
        new EvaluateOptions.Retrieval(
            settings.choice("assay.evaluate.pool", Pool.class),
            settings.count("assay.evaluate.depth", 1),
            settings.count("assay.retrieve.block-size", 1)),
        rerank(settings),
        new Bootstrap(
            settings.count("assay.evaluate.resamples", 1),
            settings.whole("assay.evaluate.seed", Long.MIN_VALUE)));
  }

  private static EvaluateOptions.Rerank rerank(Settings settings) {
    return new EvaluateOptions.Rerank(
        settings.choice("assay.evaluate.rerank-method", RerankMethod.class),
        settings.count("assay.evaluate.rerank-top", 1),
        InferenceSettings.order(settings),
        new EvaluateOptions.Instructions(
            settings.text("assay.train-reranker.pair-instruction"),
            settings.text("assay.train-reranker.list-instruction")),
        InferenceSettings.compute(settings, "assay.judge"),
        InferenceSettings.slices(settings, "assay.judge"));
  }
}
