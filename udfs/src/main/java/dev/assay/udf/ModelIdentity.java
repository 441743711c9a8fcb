package dev.assay.udf;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.model.Precision;
import dev.assay.session.CheckpointIdentity;
import java.io.Serializable;
import java.util.List;

/**
 * The model that a Transformer would use. It is known without loading weights.
 *
 * @param precision the precision it would run in
 * @param fingerprints of an embedder and of a listwise reranker one; of a judge the one for query
 *     first, then the one for candidate first
 */
public record ModelIdentity(Precision precision, List<String> fingerprints) {
  /** The fingerprints of a model over a checkpoint that is not loaded. */
  @FunctionalInterface
  interface Naming extends Serializable {
    List<String> fingerprints(CheckpointIdentity checkpoint);
  }

  /** Runs on an executor, because the meaning of {@code auto} depends on the machine. */
  static ModelProbe probe(Naming naming) {
    return settings -> {
      Precision precision = settings.placement().precision();
      CheckpointFolder folder =
          CheckpointFolder.open(settings.modelUrl(), settings.configuration());
      List<String> fingerprints = naming.fingerprints(CheckpointIdentity.of(folder, precision));
      return precision.name() + "," + String.join(",", fingerprints);
    };
  }

  static ModelIdentity parse(List<String> answer) {
    return new ModelIdentity(
        Precision.valueOf(answer.get(0)), List.copyOf(answer.subList(1, answer.size())));
  }
}
