package dev.assay.checkpoint.adapter;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.config.ModelConfig;
import dev.assay.checkpoint.tensors.StoredTensors;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/**
 * The linear layers that an adapter changes, found from its tensors: for each module an A {@code
 * [rank, in]} and a B {@code [out, rank]}.
 *
 * @param cannot the start of error messages: what cannot be done, and with which adapter
 * @param names of the modules, as in a released checkpoint
 * @param shapes of the tensors, by released name
 */
public record AdaptedModules(
    String cannot, SortedSet<String> names, Map<String, List<Long>> shapes) {
  public static final String A = ".lora_A.weight";
  public static final String B = ".lora_B.weight";
  public static final String WEIGHT = ".weight";

  private static final String HEAD = "lm_head";

  /**
   * Groups tensors by module.
   *
   * @throws CheckpointException if a tensor is neither A nor B, or one of the two is missing
   */
  public static AdaptedModules of(String cannot, Map<String, List<Long>> shapes) {
    AdaptedModules modules = new AdaptedModules(cannot, new TreeSet<>(), shapes);
    shapes.keySet().forEach(tensor -> modules.names.add(modules.moduleOf(tensor)));
    for (String module : modules.names) {
      for (String tensor : List.of(module + A, module + B)) {
        if (!shapes.containsKey(tensor)) {
          throw modules.broken("tensor " + tensor + " is missing");
        }
      }
    }
    return modules;
  }

  private String moduleOf(String tensor) {
    for (String end : List.of(A, B)) {
      if (tensor.endsWith(end)) {
        return tensor.substring(0, tensor.length() - end.length());
      }
    }
    throw broken(
        "tensor "
            + tensor
            + " is not LoRA's A or B of a linear layer (with save_embedding_layers=False PEFT does"
            + " not save copies of the base's tensors)");
  }

  /** The module of a weight that is adapted, or null if the tensor is not adapted. */
  public String adapting(String tensor) {
    String module =
        tensor.endsWith(WEIGHT) ? tensor.substring(0, tensor.length() - WEIGHT.length()) : tensor;
    return names.contains(module) ? module : null;
  }

  /**
   * Refuses a base that does not have these modules in these shapes.
   *
   * @param rank of a module's update
   */
  public void check(CheckpointFolder base, StoredTensors weights, ToIntFunction<String> rank) {
    for (String module : names) {
      if (!weights.has(module + WEIGHT)) {
        throw broken("it adapts " + module + ", which " + base + " does not have");
      }
      List<Long> shape = weights.shape(module + WEIGHT);
      if (shape.size() != 2) {
        throw broken(
            "it adapts " + module + " of shape " + shape + ", which is not a linear layer");
      }
      long r = rank.applyAsInt(module);
      checkShape(module + A, List.of(r, shape.get(1)), base);
      checkShape(module + B, List.of(shape.get(0), r), base);
    }
    if (names.contains(HEAD) && ModelConfig.of(base).decoder().tied()) {
      throw broken("it adapts " + HEAD + ", which in " + base + " is tied to the embeddings");
    }
  }

  private void checkShape(String tensor, List<Long> wanted, CheckpointFolder base) {
    if (!shapes.get(tensor).equals(wanted)) {
      throw broken(
          "tensor %s has shape %s, but for %s it should be %s"
              .formatted(tensor, shapes.get(tensor), base, wanted));
    }
  }

  public CheckpointException broken(String why) {
    return new CheckpointException(cannot + ": " + why);
  }
}
