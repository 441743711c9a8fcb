package dev.assay.cli.settings;

import dev.assay.job.train.LossKind;
import dev.assay.job.train.TrainEmbedderOptions;
import dev.assay.job.train.TrainOptions;
import dev.assay.job.train.TrainRerankerOptions;
import dev.assay.job.train.Tune;
import dev.assay.job.train.WarmUp;
import dev.assay.job.train.data.BatchMix;
import dev.assay.train.optimizer.Schedule;

/** The options of training jobs, taken from settings. */
public final class TrainSettings {
  private final Settings settings;
  private final String key;

  private TrainSettings(Settings settings, String key) {
    this.settings = settings;
    this.key = key;
  }

  public static TrainEmbedderOptions embedder(Settings settings) {
    TrainSettings train = new TrainSettings(settings, "assay.train-embedder");
    return new TrainEmbedderOptions(
        train.common(),
        settings.choice(train.at("loss"), LossKind.class),
        settings.real(train.at("temperature")));
  }

  public static TrainRerankerOptions reranker(Settings settings) {
    TrainSettings train = new TrainSettings(settings, "assay.train-reranker");
    return new TrainRerankerOptions(
        train.common(),
        settings.text(train.at("pair-instruction")),
        settings.text(train.at("list-instruction")),
        settings.count(train.at("list-negatives"), 1));
  }

  private String at(String name) {
    return key + "." + name;
  }

  private TrainOptions common() {
    return new TrainOptions(key, settings.text(at("model")), tune(), data(), pace(), replica());
  }

  private Tune tune() {
    return switch (settings.choice(at("method"), Tune.Method.class)) {
      case LORA ->
          new Tune.Lora(
              settings.count(at("lora.rank"), 1),
              settings.real(at("lora.alpha")),
              settings.real(at("lora.dropout")),
              settings.text(at("lora.targets")),
              settings.flag(at("lora.rank-stabilized")));
      case FULL -> new Tune.Full(settings.text(at("full.tensors")));
    };
  }

  private TrainOptions.Data data() {
    return new TrainOptions.Data(
        settings.count(at("negatives"), 0),
        settings.count(at("batch-size"), 1),
        settings.choice(at("batches"), BatchMix.class),
        settings.count(at("parts"), 0));
  }

  private TrainOptions.Pace pace() {
    return new TrainOptions.Pace(
        new TrainOptions.Length(settings.whole(at("steps"), 0), settings.whole(at("epochs"), 1)),
        new TrainOptions.LearningRate(
            settings.real(at("learning-rate")),
            settings.choice(at("schedule"), Schedule.Shape.class),
            WarmUp.parse(at("warm-up"), settings.text(at("warm-up")))),
        settings.real(at("weight-decay")),
        settings.real(at("clip")),
        settings.whole(at("seed"), Long.MIN_VALUE),
        settings.whole(at("checkpoint-every"), 1));
  }

  private TrainOptions.ReplicaSettings replica() {
    return new TrainOptions.ReplicaSettings(
        InferenceSettings.device(settings),
        InferenceSettings.precision(settings),
        settings.whole("assay.image.max-pixels", 1),
        settings.count(at("max-tokens"), 1),
        settings.flag(at("recompute")),
        settings.choice(at("full.gradients"), Tune.Gradients.class));
  }
}
