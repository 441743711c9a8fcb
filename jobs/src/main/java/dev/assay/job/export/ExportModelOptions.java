package dev.assay.job.export;

import dev.assay.job.failure.SettingsException;
import java.util.List;

/**
 * Which model to export.
 *
 * @param workspace the folder it is in
 * @param model {@code models/embedder} or {@code models/reranker}
 * @param merge whether an adapter is to become a whole checkpoint
 * @param output the folder to write, which is not there yet
 */
public record ExportModelOptions(String workspace, String model, boolean merge, String output) {
  private static final List<String> MODELS = List.of("models/embedder", "models/reranker");

  public ExportModelOptions {
    if (!MODELS.contains(model)) {
      throw new SettingsException(
          "Cannot export " + model + ": the models are " + String.join(", ", MODELS));
    }
    if (output.isBlank()) {
      throw new SettingsException("Cannot export: no folder was given; name it with --output");
    }
  }

  /** Whether this is the name of a model and not of a table. */
  public static boolean isModel(String table) {
    return table.startsWith("models/");
  }

  /** The job that makes the model. */
  String job() {
    return "train-" + model.substring(model.indexOf('/') + 1);
  }
}
