package dev.assay.job.inference;

import dev.assay.job.store.Costs;
import dev.assay.udf.task.ImageCounter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How a job's work used images, in counts and in words. */
final class ImagesUsed {
  private ImagesUsed() {}

  /** Such as {@code 3,600 images, each encoded 1.07 times, 96% of uses without encoding}. */
  static Costs costs(ImageCounter.Totals totals) {
    long uses = totals.encoded() + totals.reused();
    if (uses == 0) {
      return Costs.NONE;
    }
    return new Costs(
        new TreeMap<>(
            Map.of(
                "images", totals.distinct(),
                "images_encoded", totals.encoded(),
                "images_reused", totals.reused())),
        String.format(
            Locale.ROOT,
            "%,d images, each encoded %.2f times, %d%% of uses without encoding",
            totals.distinct(),
            totals.encoded() / (double) totals.distinct(),
            100 * totals.reused() / uses));
  }
}
