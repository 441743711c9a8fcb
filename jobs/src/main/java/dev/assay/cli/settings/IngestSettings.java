package dev.assay.cli.settings;

import dev.assay.job.QuarantineLimit;
import dev.assay.job.ingest.IngestOptions;
import dev.assay.job.ingest.InputFormat;
import dev.assay.job.ingest.images.ImageHashes;
import dev.assay.job.ingest.pack.PackImages;

/** What is read, and how many of a job's rows may be unusable. */
public final class IngestSettings {
  private IngestSettings() {}

  /**
   * The options of ingest.
   *
   * @param input what to read
   */
  public static IngestOptions of(Settings settings, String input) {
    return new IngestOptions(
        settings.choice("assay.ingest.format", InputFormat.class),
        input,
        settings.text("assay.ingest.split"),
        settings.text("assay.ingest.image-root"),
        limit("assay.ingest.max-quarantined", settings),
        settings.count("assay.ingest.max-text-bytes", 1),
        new ImageHashes(
            settings.count("assay.ingest.slice-size", 1), settings.flag("assay.ingest.rehash")),
        new PackImages(
            settings.flag("assay.ingest.pack-images"),
            settings.whole("assay.ingest.pack-bytes", 1)));
  }

  /** The limit of each job that has none of its own. */
  public static QuarantineLimit quarantineLimit(Settings settings) {
    return limit("assay.max-quarantined", settings);
  }

  private static QuarantineLimit limit(String key, Settings settings) {
    return new QuarantineLimit(key, settings.real(key));
  }
}
