package dev.assay.udf;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.model.Precision;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which model a Transformer would put rows to: known without loading it.
 *
 * @param precision what it would compute in: {@code float32} or {@code bfloat16}, never auto
 * @param fingerprints of an embedder its one; of a judge that for query-first, then that for
 *     candidate-first
 */
public record ModelIdentity(String precision, List<String> fingerprints) {
  /** Names a checkpoint that would run in this precision. */
  @FunctionalInterface
  interface Naming extends Serializable {
    List<String> fingerprints(CheckpointFolder folder, Precision precision);
  }

  /** Asked where tasks run: what {@code auto} means depends on the machine. */
  static ModelProbe probe(Naming naming) {
    return settings -> {
      Precision precision = settings.placement().precision();
      CheckpointFolder folder =
          CheckpointFolder.open(settings.modelUrl(), settings.configuration());
      return precision.name().toLowerCase(Locale.ROOT)
          + ","
          + String.join(",", naming.fingerprints(folder, precision));
    };
  }

  static ModelIdentity parse(String answer) {
    List<String> words = Arrays.asList(answer.split(","));
    return new ModelIdentity(words.get(0), List.copyOf(words.subList(1, words.size())));
  }
}
