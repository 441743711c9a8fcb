package dev.assay.job.train.memory;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.config.DecoderConfig;
import dev.assay.checkpoint.config.ModelConfig;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.weights.OutputHead;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.model.training.Tuning;
import java.util.List;

/**
 * How many numbers a model in training has, as the headers of its checkpoint tell.
 *
 * @param frozen numbers that are not trained
 * @param trained numbers that are
 * @param largest numbers of the largest trained tensor
 * @param decoder the shape of its language model
 */
public record ModelSize(long frozen, long trained, long largest, DecoderConfig decoder) {
  private static final String WEIGHT = ".weight";

  /**
   * Reads the headers.
   *
   * @param head whether the output head is loaded
   */
  public static ModelSize of(CheckpointFolder folder, Tuning tuning, boolean head) {
    TensorIndex index = TensorIndex.of(folder);
    long frozen = 0;
    long trained = 0;
    long largest = 0;
    for (String name : index.names()) {
      if (!head && name.equals(OutputHead.HEAD)) {
        continue;
      }
      List<Long> shape = index.shape(name);
      long numbers = StoredTensor.count(shape);
      long own = trained(tuning, name, shape, numbers);
      frozen += tuning instanceof Tuning.Full && own > 0 ? 0 : numbers;
      trained += own;
      largest = Math.max(largest, own);
    }
    return new ModelSize(frozen, trained, largest, ModelConfig.of(folder).decoder());
  }

  private static long trained(Tuning tuning, String name, List<Long> shape, long numbers) {
    if (tuning instanceof Tuning.Lora lora) {
      return adapter(lora.config(), name, shape);
    }
    return ((Tuning.Full) tuning).tensors().matcher(name).matches() ? numbers : 0;
  }

  private static long adapter(LoraConfig lora, String name, List<Long> shape) {
    boolean linear = shape.size() == 2 && name.endsWith(WEIGHT);
    String module = linear ? name.substring(0, name.length() - WEIGHT.length()) : "";
    return linear && lora.targets().contains(module)
        ? lora.rank() * (shape.get(0) + shape.get(1))
        : 0;
  }
}
