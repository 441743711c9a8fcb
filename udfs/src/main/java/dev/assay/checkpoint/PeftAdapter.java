package dev.assay.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
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
  /** What a module's name is followed by. */
  public static final String A = ".lora_A.weight";

  /** And its counterpart. */
  public static final String B = ".lora_B.weight";

  private static final String TENSORS = "adapter_model.safetensors";
  private static final String WEIGHT = ".weight";

  private final CheckpointFolder folder;
  private final PeftConfig config;
  private final AdapterBase base;
  private final TensorIndex tensors;
  private final SortedSet<String> modules = new TreeSet<>();

  private PeftAdapter(CheckpointFolder folder) {
    this.folder = folder;
    this.config = PeftConfig.of(folder);
    this.base = AdapterBase.of(folder, config.base());
    if (!folder.has(TENSORS)) {
      throw new CheckpointException(
          "Cannot load adapter "
              + folder
              + ": it has no "
              + TENSORS
              + "; pickled weights are never read, save it with safe_serialization=True");
    }
    this.tensors = TensorIndex.of(folder, TENSORS);
    for (String name : tensors.names()) {
      modules.add(module(name));
    }
    for (String module : modules) {
      for (String name : List.of(module + A, module + B)) {
        if (!tensors.has(name)) {
          throw broken("tensor " + name + " is missing");
        }
      }
      if (!config.lora().targets().contains(module)) {
        throw broken("it has tensors for " + module + ", which its target_modules do not name");
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

  /**
   * A folder that has an {@code adapter_config.json}, as the checkpoint that it makes of its base.
   */
  static CheckpointFolder onBase(CheckpointFolder folder, Configuration hadoop) {
    PeftAdapter adapter = new PeftAdapter(folder);
    return adapter.base.open(folder, hadoop).with(adapter);
  }

  /**
   * Writes an adapter; it appears when it is complete, and replaces what is there under its name.
   *
   * @param base what it was trained on
   * @param tensors A and B of every module that it adapts, in float32
   * @throws CheckpointException if the base is an adapter itself, or a tensor is no A or B
   */
  public static void write(
      String folder,
      Configuration hadoop,
      LoraConfig config,
      CheckpointFolder base,
      List<NamedTensor> tensors) {
    if (base.adapter().isPresent()) {
      throw new CheckpointException(
          "Cannot write adapter "
              + folder
              + ": its base "
              + base
              + " is an adapter itself; merge that one first");
    }
    SortedSet<String> modules = new TreeSet<>();
    List<OutgoingTensor> outgoing = new ArrayList<>();
    for (NamedTensor tensor : tensors) {
      modules.add(moduleOf(tensor.name(), "Cannot write adapter " + folder));
      outgoing.add(
          OutgoingTensor.of(tensor, StoredType.F32).withName(TensorNames.peft(tensor.name())));
    }
    TargetModules targets = forPeft(config.targets(), modules, TensorIndex.of(base));
    AdapterBase stands = new AdapterBase(base.location().toString(), Fingerprint.of(base));
    try (FolderDraft draft = FolderDraft.of(folder, hadoop)) {
      draft.write(TENSORS, out -> SafetensorsWriter.write(out, outgoing));
      draft.write(AdapterBase.FILE, out -> out.write(stands.json()));
      draft.write(
          PeftConfig.FILE, out -> out.write(PeftConfig.json(config, targets, forPeft(base))));
      draft.publish();
    } catch (IOException e) {
      throw new CheckpointException("Cannot write adapter " + folder + ": " + e.getMessage(), e);
    }
  }

  public LoraConfig config() {
    return config.lora();
  }

  /** The modules it adapts, sorted. */
  public SortedSet<String> modules() {
    return modules;
  }

  /** Its tensors, which are asked for by {@link TensorIndex#values}. */
  public TensorIndex tensors() {
    return tensors;
  }

  /**
   * Refuses a base that this adapter does not fit on: another checkpoint than it was trained on, or
   * one without a module of that name and shape.
   */
  void check(CheckpointFolder on, TensorIndex weights) {
    base.check(folder, on);
    for (String module : modules) {
      if (!weights.has(module + WEIGHT)) {
        throw broken("it adapts " + module + ", which the model " + on + " does not have");
      }
      List<Long> shape = weights.shape(module + WEIGHT);
      if (shape.size() != 2) {
        throw broken("it adapts " + module + " of shape " + shape + ", no linear layer");
      }
      checkShape(module + A, config.rank(module), shape.get(1), on);
      checkShape(module + B, shape.get(0), config.rank(module), on);
    }
    if (modules.contains("lm_head") && ModelConfig.of(on).decoder().tied()) {
      throw broken("it adapts lm_head, which in " + on + " is tied to the embeddings");
    }
  }

  private void checkShape(String tensor, long rows, long columns, CheckpointFolder on) {
    List<Long> shape = tensors.shape(tensor);
    if (!shape.equals(List.of(rows, columns))) {
      throw broken(
          String.format(
              "tensor %s has shape %s, on %s it should be [%d, %d]",
              tensor, shape, on, rows, columns));
    }
    tensors.check(tensor, rows, columns);
  }

  boolean adapts(String weight) {
    return weight.endsWith(WEIGHT)
        && modules.contains(weight.substring(0, weight.length() - WEIGHT.length()));
  }

  /** What it adds to a weight that it adapts. */
  LowRankUpdate update(String weight) {
    String module = weight.substring(0, weight.length() - WEIGHT.length());
    return new LowRankUpdate(
        tensors.values(module + A),
        tensors.values(module + B),
        config.rank(module),
        (float) config.scaling(module));
  }

  /** Gives whatever its updates depend on, wherever it lies. */
  void sample(Consumer<String> texts, Consumer<byte[]> bytes) {
    for (String module : modules) {
      texts.accept(module + " " + config.scaling(module));
    }
    tensors.sample(bytes);
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  private String module(String tensor) {
    return moduleOf(tensor, "Cannot load adapter " + folder);
  }

  private static String moduleOf(String tensor, String cannot) {
    for (String end : List.of(A, B)) {
      if (tensor.endsWith(end)) {
        return tensor.substring(0, tensor.length() - end.length());
      }
    }
    throw new CheckpointException(
        cannot
            + ": tensor "
            + tensor
            + " is not LoRA's A or B of a linear layer (save it with save_embedding_layers=False)");
  }

  /**
   * Targets as PEFT is to read them: as they were given, if by its names of modules they mean just
   * those that were adapted; else every one of these by its full name.
   */
  private static TargetModules forPeft(
      TargetModules given, SortedSet<String> adapted, TensorIndex base) {
    Set<String> meant = new TreeSet<>(Set.of("lm_head")); // a module even where its weight is tied
    for (String name : base.names()) {
      meant.add(name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name);
    }
    meant.removeIf(module -> !given.containsExactly(TensorNames.nested(module)));
    return meant.equals(adapted)
        ? given
        : TargetModules.named(adapted.stream().map(TensorNames::nested).toList());
  }

  /** PEFT takes a path, not a {@code file:} URI. */
  private static String forPeft(CheckpointFolder base) {
    URI uri = base.location().toUri();
    return "file".equals(uri.getScheme()) ? uri.getPath() : uri.toString();
  }

  private CheckpointException broken(String why) {
    return new CheckpointException("Cannot load adapter " + folder + ": " + why);
  }
}
