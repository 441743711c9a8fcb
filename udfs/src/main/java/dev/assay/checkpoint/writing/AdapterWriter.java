package dev.assay.checkpoint.writing;

import static dev.assay.checkpoint.adapter.AdaptedModules.WEIGHT;

import dev.assay.checkpoint.AdapterBase;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.AdaptedModules;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.adapter.PeftAdapter;
import dev.assay.checkpoint.adapter.PeftConfig;
import dev.assay.checkpoint.adapter.TargetModules;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.checkpoint.tensors.StoredTensors;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.tensors.TensorNames;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** Writes adapters that PEFT loads, and {@link PeftAdapter} reads. */
public final class AdapterWriter {
  private AdapterWriter() {}

  /**
   * Writes an adapter's folder. It appears when it is complete, and replaces one of that name.
   *
   * @param base the checkpoint that it was trained on
   * @param tensors {@code MODULE.lora_A.weight} and {@code MODULE.lora_B.weight} of every module
   *     that is adapted, by the names of a released checkpoint
   * @throws CheckpointException if the base is an adapter itself, or a tensor does not fit on it
   */
  public static void write(
      String folder,
      Configuration hadoop,
      LoraConfig config,
      CheckpointFolder base,
      List<NamedTensor> tensors) {
    String cannot = "Cannot write adapter " + folder;
    if (base.adapter().isPresent()) {
      throw new CheckpointException(
          cannot + ": its base " + base + " is an adapter itself; merge that one first");
    }
    AdaptedModules modules =
        AdaptedModules.of(
            cannot,
            tensors.stream().collect(Collectors.toMap(NamedTensor::name, NamedTensor::shape)));
    StoredTensors weights = StoredTensors.of(base);
    modules.check(base, weights, module -> config.rank());
    TargetModules targets = forPeft(config.targets(), modules.names(), weights.names());
    byte[] json = PeftConfig.json(config, targets, forPeft(base.location().toUri()));
    byte[] note = new AdapterBase(base.location().toString(), Fingerprint.of(base)).json();
    List<OutgoingTensor> outgoing =
        tensors.stream()
            .map(t -> OutgoingTensor.of(t, StoredType.F32).withName(TensorNames.peft(t.name())))
            .toList();
    try (FolderDraft draft = FolderDraft.of(folder, hadoop)) {
      if (draft.target().equals(base.location())) {
        throw new CheckpointException(cannot + ": its base lies there, and would be replaced");
      }
      draft.write(PeftAdapter.TENSORS, out -> SafetensorsWriter.write(out, outgoing));
      draft.write(AdapterBase.FILE, out -> out.write(note));
      draft.write(AdapterBase.PEFT_FILE, out -> out.write(json));
      draft.publish();
    } catch (IOException e) {
      throw new CheckpointException(cannot + ": " + e.getMessage(), e);
    }
  }

  /**
   * Targets for PEFT. They stay as they were set if they match, by PEFT's names of modules, exactly
   * those that were adapted. Otherwise they list the full names of these.
   */
  private static TargetModules forPeft(
      TargetModules given, Set<String> adapted, Set<String> weights) {
    Set<String> meant = new TreeSet<>(Set.of("lm_head")); // a module even where its weight is tied
    for (String name : weights) {
      meant.add(name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name);
    }
    meant.removeIf(module -> !given.containsExactly(TensorNames.nested(module)));
    return meant.equals(adapted)
        ? given
        : TargetModules.named(adapted.stream().map(TensorNames::nested).toList());
  }

  /** PEFT takes a path, not a {@code file:} URI. */
  private static String forPeft(URI base) {
    return "file".equals(base.getScheme()) ? base.getPath() : base.toString();
  }
}
