package dev.assay.udf;

import dev.assay.embed.EmbedOptions;
import dev.assay.item.Item;
import dev.assay.udf.compute.ModelCache;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.rows.ModelSettings;
import java.util.List;

/** A task's embedder, over the executor's one model. */
final class CheckpointEncoder implements ItemEncoder {
  private final ModelCache.Lease<dev.assay.embed.Embedder> lease;
  private final dev.assay.embed.Embedder embedder;

  private CheckpointEncoder(
      ModelCache.Lease<dev.assay.embed.Embedder> lease, dev.assay.embed.Embedder embedder) {
    this.lease = lease;
    this.embedder = embedder;
  }

  static CheckpointEncoder open(ModelSettings settings) {
    Placement placement = settings.placement();
    EmbedOptions options =
        new EmbedOptions(settings.compute().maxImagePixels(), settings.compute().maxTokens());
    ModelCache.Lease<dev.assay.embed.Embedder> lease =
        ModelCache.EXECUTOR.lease(
            new ModelCache.Key(settings.modelUrl(), placement, "embed"),
            () ->
                dev.assay.embed.Embedder.load(
                    settings.modelUrl(),
                    settings.configuration(),
                    placement.device(),
                    placement.precision(),
                    options));
    try {
      return new CheckpointEncoder(lease, lease.model().newTask(options));
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  @Override
  public void prepare(Item item) {
    embedder.prepare(item);
  }

  @Override
  public float[][] encode(List<Item> items) {
    return embedder.embed(items);
  }

  @Override
  public boolean release() {
    return embedder.release();
  }

  @Override
  public String fingerprint() {
    return embedder.fingerprint();
  }

  @Override
  public void close() {
    embedder.close();
    lease.close();
  }
}
