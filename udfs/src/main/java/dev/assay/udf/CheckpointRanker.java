package dev.assay.udf;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.prompt.ImageProcessor;
import dev.assay.rerank.RerankOptions;
import dev.assay.udf.compute.ModelCache;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.rows.ModelSettings;
import java.util.List;

/** A task's reranker, over the executor's one model. */
final class CheckpointRanker implements ListRanker {
  private final ModelCache.Lease<dev.assay.rerank.Reranker> lease;
  private final dev.assay.rerank.Reranker reranker;

  private CheckpointRanker(
      ModelCache.Lease<dev.assay.rerank.Reranker> lease, dev.assay.rerank.Reranker reranker) {
    this.lease = lease;
    this.reranker = reranker;
  }

  /**
   * @param instruction empty for the paper's
   */
  static CheckpointRanker open(ModelSettings settings, String instruction) {
    Placement placement = settings.placement();
    RerankOptions options =
        told(instruction)
            .withMaxImagePixels(settings.compute().maxImagePixels())
            .withMaxTokens(settings.compute().maxTokens());
    ModelCache.Lease<dev.assay.rerank.Reranker> lease =
        ModelCache.EXECUTOR.lease(
            new ModelCache.Key(settings.modelUrl(), placement, "rerank"),
            () ->
                dev.assay.rerank.Reranker.load(
                    settings.modelUrl(),
                    settings.configuration(),
                    placement.device(),
                    placement.precision(),
                    options));
    try {
      return new CheckpointRanker(lease, lease.model().newTask(options));
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private static RerankOptions told(String instruction) {
    RerankOptions options = RerankOptions.defaults();
    return instruction.isEmpty() ? options : options.withInstruction(instruction);
  }

  /** The fingerprint it would give. */
  static String fingerprint(CheckpointFolder folder, Precision precision, String instruction) {
    return dev.assay.rerank.Reranker.fingerprint(
        Fingerprint.of(folder), ImageProcessor.of(folder), precision, told(instruction));
  }

  @Override
  public void prepare(Item item) {
    reranker.prepare(item);
  }

  @Override
  public float[] rank(Item query, List<Item> candidates, int maxTokens) {
    return reranker.rank(query, candidates, maxTokens);
  }

  @Override
  public boolean release() {
    return reranker.release();
  }

  @Override
  public String fingerprint() {
    return reranker.fingerprint();
  }

  @Override
  public void close() {
    reranker.close();
    lease.close();
  }
}
