package dev.assay.job.train.run;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.writing.AdapterWriter;
import dev.assay.checkpoint.writing.CheckpointWriter;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.job.failure.SettingsException;
import dev.assay.model.training.Tuning;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Writes the trained model: an adapter in the format of PEFT, or a whole checkpoint.
 *
 * @param base the checkpoint that training started from
 */
public record ModelOutput(String base, Tuning tuning, Configuration hadoop) {
  /**
   * Refuses a model that could be trained but not written.
   *
   * @throws SettingsException if the base is an adapter, and an adapter is to be trained on it
   */
  public void check() {
    if (tuning instanceof Tuning.Lora && folder().adapter().isPresent()) {
      throw new SettingsException(
          "Cannot train an adapter on "
              + base
              + ": it is an adapter itself; merge it first (assay export --merge)");
    }
  }

  /**
   * Writes the model.
   *
   * @param tensors the values of all parameters
   */
  public void write(String folder, List<NamedTensor> tensors) {
    if (tuning instanceof Tuning.Lora lora) {
      AdapterWriter.write(folder, hadoop, lora.config(), folder(), tensors);
    } else {
      CheckpointWriter.of(folder()).withTensors(tensors).write(folder, hadoop);
    }
  }

  private CheckpointFolder folder() {
    return CheckpointFolder.open(base, hadoop);
  }
}
