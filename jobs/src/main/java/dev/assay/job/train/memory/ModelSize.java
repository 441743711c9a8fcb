package dev.assay.job.train.memory;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.config.DecoderConfig;
import dev.assay.checkpoint.config.ModelConfig;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.weights.OutputHead;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.model.training.Tuning;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many numbers a model in training has, as the headers of its checkpoint tell.
 *
 * @param frozen numbers that are not trained
 * @param trained numbers that are
 * @param largest numbers of the largest trained tensor
 * @param layer trained numbers of the layer that has most of them
 * @param head trained numbers of the output head
 * @param decoder the shape of its language model
 */
public record ModelSize(
    long frozen, long trained, long largest, long layer, long head, DecoderConfig decoder) {
  private static final String WEIGHT = ".weight";
  private static final Pattern LAYER =
      Pattern.compile(".*\\.(layers|blocks)\\.\\d+\\.|visual\\.merger\\.");

  /**
   * Reads the headers.
   *
   * @param head whether the output head is loaded
   */
  public static ModelSize of(CheckpointFolder folder, Tuning tuning, boolean head) {
    TensorIndex index = TensorIndex.of(folder);
    DecoderConfig decoder = ModelConfig.of(folder).decoder();
    String says = head ? OutputHead.of(folder, decoder, index) : null;
    long frozen = 0;
    long trained = 0;
    long largest = 0;
    long ofHead = 0;
    Map<String, Long> layers = new HashMap<>();
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
      ofHead += name.equals(says) ? own : 0;
      Matcher layer = LAYER.matcher(name);
      if (layer.lookingAt()) {
        layers.merge(layer.group(), own, Long::sum);
      }
    }
    long layer = layers.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return new ModelSize(frozen, trained, largest, layer, ofHead, decoder);
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
