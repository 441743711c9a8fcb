package dev.assay.checkpoint.adapter;

import static dev.assay.checkpoint.adapter.AdaptedModules.A;
import static dev.assay.checkpoint.adapter.AdaptedModules.B;

import dev.assay.checkpoint.AdapterBase;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.StoredTensors;
import java.util.Collections;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/**
 * A LoRA adapter in a folder as PEFT writes it: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}; {@code assay.json} may name its base.
 *
 * <p>Tensors go by released names without PEFT's prefix: {@code
 * model.layers.0.self_attn.q_proj.lora_A.weight}.
 */
public final class PeftAdapter {
  /** The file of its tensors. */
  public static final String TENSORS = "adapter_model.safetensors";

  private final CheckpointFolder folder;
  private final PeftConfig config;
  private final StoredTensors tensors;
  private final AdaptedModules modules;

  private PeftAdapter(CheckpointFolder folder) {
    this.folder = folder;
    this.config = PeftConfig.of(folder);
    String cannot = "Cannot load adapter " + folder;
    if (!folder.has(TENSORS)) {
      throw new CheckpointException(
          cannot
              + ": it has no "
              + TENSORS
              + "; pickled weights are never read, save it with safe_serialization=True");
    }
    this.tensors = StoredTensors.of(folder, TENSORS);
    this.modules =
        AdaptedModules.of(
            cannot,
            tensors.names().stream()
                .collect(Collectors.toMap(Function.identity(), tensors::shape)));
    for (String module : modules.names()) {
      if (!config.lora().targets().contains(module)) {
        throw modules.broken(
            "it has tensors for " + module + ", which its target_modules do not name");
      }
    }
  }

  /**
   * Reads an adapter.
   *
   * @param folder the adapter's own, as {@link CheckpointFolder#adapter} gives it
   * @throws CheckpointException if it is not plain LoRA
   */
  public static PeftAdapter of(CheckpointFolder folder) {
    if (!folder.has(AdapterBase.PEFT_FILE)) {
      throw new CheckpointException(
          "Cannot load adapter " + folder + ": it has no " + AdapterBase.PEFT_FILE);
    }
    return new PeftAdapter(folder);
  }

  /**
   * Opens an adapter by itself, without its base.
   *
   * @throws CheckpointException if there is none, or it is not plain LoRA
   */
  public static PeftAdapter open(String folder, Configuration hadoop) {
    return of(CheckpointFolder.openAlone(folder, hadoop));
  }

  public LoraConfig config() {
    return config.lora();
  }

  /** The modules it adapts, sorted, by their names in a released checkpoint. */
  public SortedSet<String> modules() {
    return Collections.unmodifiableSortedSet(modules.names());
  }

  /** The factor of a module's update. */
  public double scaling(String module) {
    return config.scaling(module);
  }

  /** Its tensors. */
  public StoredTensors tensors() {
    return tensors;
  }

  /**
   * Refuses a base that this adapter does not fit on.
   *
   * @throws CheckpointException if the base has no module of that name and shape
   */
  public void check(CheckpointFolder base, StoredTensors weights) {
    modules.check(base, weights, config::rank);
    modules.shapes().forEach(tensors::check);
  }

  /** Whether it changes a weight. */
  public boolean adapts(String weight) {
    return modules.adapting(weight) != null;
  }

  /** What it adds to a weight that it adapts. */
  public LowRankUpdate update(String weight) {
    String module = modules.adapting(weight);
    return new LowRankUpdate(
        tensors.values(module + A),
        tensors.values(module + B),
        config.rank(module),
        (float) config.scaling(module));
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
