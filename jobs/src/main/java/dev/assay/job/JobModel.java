package dev.assay.job;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.config.ModelConfig;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.model.VisionLanguageModel;
import dev.assay.prompt.PromptEncoder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The checkpoint of a model that a job runs on the executors.
 *
 * @param location its checkpoint folder
 */
public record JobModel(String location) {

  /**
   * Checks the whole folder without loading weights: configuration, tensor shapes, tokenizer, chat
   * template and image processor. For {@link Job#check}, so that no job runs for hours before
   * another one finds that its model cannot be used.
   *
   * @throws dev.assay.checkpoint.CheckpointException naming what is missing or wrong
   */
  public void check(Configuration hadoop) {
    CheckpointFolder folder = CheckpointFolder.open(location, hadoop);
    VisionLanguageModel.check(folder);
    PromptEncoder.check(folder);
  }

  /**
   * The same for a model that judges or reranks: it needs an output head, and its chat template is
   * rendered.
   *
   * @throws dev.assay.checkpoint.CheckpointException naming what is missing or wrong
   */
  public void checkWithHead(Configuration hadoop) {
    CheckpointFolder folder = CheckpointFolder.open(location, hadoop);
    VisionLanguageModel.check(folder);
    VisionLanguageModel.checkHead(folder);
    PromptEncoder.checkChat(folder);
  }

  /**
   * The checkpoint and what is computed with it; for {@link Job#sources}.
   *
   * @param version of the computation, such as {@link dev.assay.judge.PairJudge#VERSION}
   */
  public SortedMap<String, String> sources(JobContext context, int version) {
    return new TreeMap<>(
        Map.of("model", fingerprint(context), "computation", Integer.toString(version)));
  }

  /** The length of its hidden states. */
  public int hidden(JobContext context) {
    return ModelConfig.of(open(context)).decoder().hidden();
  }

  /** The bytes of its files. */
  public long bytes(JobContext context) {
    CheckpointFolder folder = open(context);
    return folder.names().stream().mapToLong(folder::length).sum()
        + folder.adapter().map(a -> a.names().stream().mapToLong(a::length).sum()).orElse(0L);
  }

  /** Names the checkpoint by its contents. */
  public String fingerprint(JobContext context) {
    return Fingerprint.of(open(context));
  }

  private CheckpointFolder open(JobContext context) {
    return CheckpointFolder.open(location, context.spark().sessionState().newHadoopConf());
  }
}
