package dev.assay.udf;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.item.Item;
import dev.assay.judge.JudgeOptions;
import dev.assay.judge.Order;
import dev.assay.model.Precision;
import dev.assay.prompt.ImageProcessor;
import dev.assay.udf.compute.ModelCache;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.rows.ModelSettings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A task's judges, one for each order it meets, over the executor's one model. */
final class CheckpointScorer implements PairScorer {
  private final ModelCache.Lease<dev.assay.judge.Judge> lease;
  private final JudgeOptions options;
  private final Map<Order, dev.assay.judge.Judge> judges = new EnumMap<>(Order.class);

  private CheckpointScorer(ModelCache.Lease<dev.assay.judge.Judge> lease, JudgeOptions options) {
    this.lease = lease;
    this.options = options;
  }

  /**
   * @param instruction empty for the paper's
   */
  static CheckpointScorer open(ModelSettings settings, String instruction) {
    Placement placement = settings.placement();
    JudgeOptions options =
        told(instruction)
            .withMaxImagePixels(settings.compute().maxImagePixels())
            .withMaxTokens(settings.compute().maxTokens());
    return new CheckpointScorer(
        ModelCache.EXECUTOR.lease(
            new ModelCache.Key(settings.modelUrl(), placement, "judge"),
            () ->
                dev.assay.judge.Judge.load(
                    settings.modelUrl(),
                    settings.configuration(),
                    placement.device(),
                    placement.precision(),
                    options)),
        options);
  }

  private static JudgeOptions told(String instruction) {
    return JudgeOptions.defaults()
        .withInstruction(instruction.isEmpty() ? JudgeOptions.INSTRUCTION : instruction);
  }

  /** The fingerprints it would give, for query-first and for candidate-first. */
  static List<String> fingerprints(
      CheckpointFolder folder, Precision precision, String instruction) {
    String contents = Fingerprint.of(folder);
    ImageProcessor images = ImageProcessor.of(folder);
    return Stream.of(Order.QUERY_FIRST, Order.CANDIDATE_FIRST)
        .map(order -> told(instruction).withOrder(order))
        .map(asked -> dev.assay.judge.Judge.fingerprint(contents, images, precision, asked))
        .toList();
  }

  @Override
  public void prepare(boolean candidateFirst, Item item) {
    judge(candidateFirst).prepare(item);
  }

  @Override
  public float[] score(boolean candidateFirst, Item shared, List<Item> others) {
    return judge(candidateFirst).judge(shared, others);
  }

  @Override
  public boolean release() {
    boolean any = false;
    for (dev.assay.judge.Judge judge : judges.values()) {
      any |= judge.release();
    }
    return any;
  }

  @Override
  public String fingerprint(boolean candidateFirst) {
    return judge(candidateFirst).fingerprint();
  }

  private dev.assay.judge.Judge judge(boolean candidateFirst) {
    return judges.computeIfAbsent(
        candidateFirst ? Order.CANDIDATE_FIRST : Order.QUERY_FIRST,
        order -> lease.model().newTask(options.withOrder(order)));
  }

  @Override
  public void close() {
    judges.values().forEach(dev.assay.judge.Judge::close);
    judges.clear();
    lease.close();
  }
}
