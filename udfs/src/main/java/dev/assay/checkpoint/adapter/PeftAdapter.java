package dev.assay.checkpoint.adapter;

import static dev.assay.checkpoint.adapter.AdaptedModules.A;
import static dev.assay.checkpoint.adapter.AdaptedModules.B;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.weights.TensorIndex;
import java.util.Collections;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/**
 * A LoRA adapter in a folder as PEFT writes it: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}; and {@code assay.json}, which says what it stands on.
 *
 * <p>{@link CheckpointFolder#open} of such a folder gives its base with this laid over it. Tensors
 * go by released names without PEFT's prefix: {@code
 * model.layers.0.self_attn.q_proj.lora_A.weight}.
 */
public final class PeftAdapter {
  public static final String TENSORS = "adapter_model.safetensors";

  private final CheckpointFolder folder;
  private final PeftConfig config;
  private final AdapterBase base;
  private final TensorIndex tensors;
  private final AdaptedModules modules;

  private PeftAdapter(CheckpointFolder folder) {
    this.folder = folder;
    this.config = PeftConfig.of(folder);
    this.base = AdapterBase.of(folder, config.base());
    String cannot = "Cannot load adapter " + folder;
    if (!folder.has(TENSORS)) {
      throw new CheckpointException(
          cannot
              + ": it has no "
              + TENSORS
              + "; pickled weights are never read, save it with safe_serialization=True");
    }
    this.tensors = TensorIndex.of(folder, TENSORS);
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
   * Opens an adapter by itself, without its base.
   *
   * @throws CheckpointException if there is none, or it is no plain LoRA
   */
  public static PeftAdapter open(String folder, Configuration hadoop) {
    CheckpointFolder own = CheckpointFolder.openWhole(folder, hadoop);
    if (!own.has(PeftConfig.FILE)) {
      throw new CheckpointException(
          "Cannot load adapter " + own + ": it has no " + PeftConfig.FILE);
    }
    return new PeftAdapter(own);
  }

  /** An adapter's folder as the checkpoint that it makes of its base. */
  public static CheckpointFolder onBase(CheckpointFolder folder, Configuration hadoop) {
    PeftAdapter adapter = new PeftAdapter(folder);
    return adapter.base.open(folder, hadoop).with(adapter);
  }

  public LoraConfig config() {
    return config.lora();
  }

  /** The modules it adapts, sorted, called as in a released checkpoint. */
  public SortedSet<String> modules() {
    return Collections.unmodifiableSortedSet(modules.names());
  }

  /** Its tensors, whose numbers {@link TensorIndex#values} gives. */
  public TensorIndex tensors() {
    return tensors;
  }

  /**
   * Refuses a base that this adapter does not fit on: another checkpoint than it was trained on, or
   * one without a module of that name and shape.
   */
  public void check(CheckpointFolder on, TensorIndex weights) {
    base.check(folder, on);
    modules.check(on, weights, config::rank);
    modules.shapes().forEach((tensor, shape) -> tensors.check(tensor, shape));
  }

  public boolean adapts(String tensor) {
    return modules.adapting(tensor) != null;
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

  /** Gives whatever its updates depend on; where it lies is no part of that. */
  public void sample(Consumer<String> texts, Consumer<byte[]> bytes) {
    for (String module : modules.names()) {
      texts.accept(module + " " + config.scaling(module));
    }
    tensors.sample(bytes);
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
