package dev.assay.job;

import dev.assay.checkpoint.CheckpointFolder;
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

  /** Names the checkpoint by its contents. */
  public String fingerprint(JobContext context) {
    Configuration hadoop = context.spark().sessionState().newHadoopConf();
    return Fingerprint.of(CheckpointFolder.open(location, hadoop));
  }
}
