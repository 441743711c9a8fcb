package dev.assay.cli;

import dev.assay.cli.settings.Nearest;
import dev.assay.job.failure.SettingsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The jobs that a command line can name. */
enum JobName {
  INGEST("files become tables: queries, candidates, positives"),
  EMBED("every item becomes a vector: query_embeddings, candidate_embeddings"),
  RETRIEVE("the most similar candidates of each query: retrieved"),
  JUDGE("a score for every retrieved pair and every positive: scored"),
  MINE("hard negatives: negatives, decisions"),
  TRAIN_EMBEDDER("an embedder trained on the mined negatives: models/embedder"),
  TRAIN_RERANKER("a reranker trained on the mined negatives: models/reranker"),
  EVALUATE("embedders and reranker measured on known positives: evaluation"),
  RUN("all of these in order; a job whose tables are up to date is skipped"),
  DEMO("run on Scenes, a small world whose truth is known, and a report"),
  EXPORT("a table becomes a file, or a trained model a folder");

  /** What the job does, in a line. */
  final String meaning;

  JobName(String meaning) {
    this.meaning = meaning;
  }

  /**
   * The job of a name.
   *
   * @throws SettingsException naming the nearest job, if there is none of that name
   */
  static JobName of(String word) {
    return Arrays.stream(values())
        .filter(job -> job.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new SettingsException(
                    "Unknown job "
                        + word
                        + "; the nearest known one is "
                        + Nearest.to(word, Arrays.stream(values()).map(JobName::word).toList())));
  }

  /** What {@code run} runs, in order. */
  static List<JobName> pipeline() {
    return List.of(values()).subList(0, RUN.ordinal());
  }

  /** The names of {@link #pipeline} up to this job. */
  List<JobName> upToThis() {
    return new ArrayList<>(pipeline().subList(0, ordinal() + 1));
  }

  /** As written on the command line: {@code train-embedder}. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
