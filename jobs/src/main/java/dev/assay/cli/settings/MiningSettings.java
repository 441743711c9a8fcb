package dev.assay.cli.settings;

import dev.assay.job.mine.MineOptions;
import dev.assay.job.retrieve.IvfOptions;
import dev.assay.job.retrieve.RetrieveOptions;
import dev.assay.job.retrieve.SimilarityLimit;
import dev.assay.job.search.Pool;
import java.util.Optional;

/** How candidates are retrieved, and how negatives are chosen from them. */
public final class MiningSettings {
  private MiningSettings() {}

  public static RetrieveOptions retrieve(Settings settings) {
    return new RetrieveOptions(
        settings.count("assay.retrieve.top-k", 1),
        settings.choice("assay.retrieve.pool", Pool.class),
        SimilarityLimit.parse(settings.text("assay.retrieve.max-similarity")),
        settings.count("assay.retrieve.block-size", 1),
        ivf(settings),
        InferenceSettings.device(settings));
  }

  /** Cells and probes are read, and refused where they are wrong, for an exact search too. */
  private static Optional<IvfOptions> ivf(Settings settings) {
    IvfOptions options =
        new IvfOptions(
            settings.count("assay.retrieve.ivf.cells", 2),
            settings.count("assay.retrieve.ivf.probes", 1));
    boolean exact = settings.choice("assay.retrieve.method", "exact", "ivf").equals("exact");
    return exact ? Optional.empty() : Optional.of(options);
  }

  public static MineOptions mine(Settings settings) {
    return new MineOptions(
        settings.real("assay.mine.beta"),
        settings.count("assay.mine.negatives", 1),
        settings.count("assay.mine.step", 1),
        settings.choice("assay.mine.fallback", MineOptions.Fallback.class),
        settings.whole("assay.mine.seed", Long.MIN_VALUE));
  }
}
