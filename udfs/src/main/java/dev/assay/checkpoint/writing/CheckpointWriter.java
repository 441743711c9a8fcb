package dev.assay.checkpoint.writing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.config.ModelConfig;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.tensors.WeightFiles;
import dev.assay.checkpoint.weights.OutputHead;
import dev.assay.checkpoint.weights.TensorIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * Writes whole checkpoints that transformers opens: the base's configuration, tokenizer and image
 * processor are copied, and its weights are written, some of them with new values. An adapter on
 * the base is merged into them. Weights are copied piece by piece, so little of them is in memory.
 */
public record CheckpointWriter(
    CheckpointFolder base,
    List<NamedTensor> replaced,
    Optional<StoredType> type,
    Consumer<String> written,
    long shardBytes) {
  /** A file of weights is at most this long, unless a single tensor is longer. */
  private static final long SHARD_BYTES = 5_000_000_000L;

  private static final String CONFIG = "config.json";

  /** Endings of the files that belong to a checkpoint beside its weights. Others are not copied. */
  private static final List<String> COPIED =
      List.of(".json", ".jinja", ".txt", ".model", "LICENSE");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes the base as it is, or merged with its adapter. */
  public static CheckpointWriter of(CheckpointFolder base) {
    return new CheckpointWriter(base, List.of(), Optional.empty(), name -> {}, SHARD_BYTES);
  }

  /** Writes these values in place of the base's tensors of the same names. */
  public CheckpointWriter withTensors(List<NamedTensor> other) {
    return new CheckpointWriter(base, List.copyOf(other), type, written, shardBytes);
  }

  /** Rounds all weights to this type. Otherwise each keeps the type that the base stores it in. */
  public CheckpointWriter withType(StoredType other) {
    return new CheckpointWriter(base, replaced, Optional.of(other), written, shardBytes);
  }

  /** Calls back with the name of every tensor after it has been written. */
  public CheckpointWriter withListener(Consumer<String> other) {
    return new CheckpointWriter(base, replaced, type, other, shardBytes);
  }

  CheckpointWriter withShardBytes(long other) {
    return new CheckpointWriter(base, replaced, type, written, other);
  }

  /**
   * Writes the checkpoint. The folder appears when it is complete, and replaces one of that name.
   *
   * @throws CheckpointException if the base cannot be read, has no such tensor to replace, or the
   *     folder cannot be written
   */
  public void write(String folder, Configuration hadoop) {
    List<OutgoingTensor> tensors = tensors(TensorIndex.of(base));
    try (FolderDraft draft = FolderDraft.of(folder, hadoop)) {
      writeShards(draft, tensors);
      copyFiles(draft);
      draft.publish();
    } catch (IOException | UncheckedIOException e) {
      throw new CheckpointException("Cannot write " + folder + ": " + e.getMessage(), e);
    }
  }

  private List<OutgoingTensor> tensors(TensorIndex index) {
    Map<String, NamedTensor> left = new HashMap<>();
    replaced.forEach(tensor -> left.put(tensor.name(), tensor));
    boolean copied =
        index.has(OutputHead.HEAD)
            && ModelConfig.of(base).decoder().tied()
            && OutputHead.isCopy(index);
    List<OutgoingTensor> all = new ArrayList<>();
    for (String name : index.names()) {
      if (!(copied && name.equals(OutputHead.HEAD))) { // it could stop being a copy
        OutgoingTensor tensor = tensor(index, name, Optional.ofNullable(left.remove(name)));
        all.add(tensor.then(() -> written.accept(name)));
      }
    }
    if (!left.isEmpty()) {
      throw new CheckpointException(
          "Cannot replace tensor " + left.keySet().iterator().next() + ": " + base + " has none");
    }
    all.sort(Comparator.comparing(OutgoingTensor::name));
    return all;
  }

  private OutgoingTensor tensor(TensorIndex index, String name, Optional<NamedTensor> values) {
    StoredTensor stored = index.stored(name);
    Optional<StoredType> readable = StoredType.named(stored.type());
    StoredType wanted = type.or(() -> readable).orElse(StoredType.F32);
    if (values.isPresent()) {
      index.check(name, values.get().shape());
      return OutgoingTensor.of(values.get(), wanted).withName(stored.name());
    }
    boolean same = readable.isEmpty() || readable.get() == wanted && !index.adapts(name);
    return same ? CopiedTensor.asStored(base, stored) : CopiedTensor.rounded(index, name, wanted);
  }

  private void writeShards(FolderDraft draft, List<OutgoingTensor> tensors) throws IOException {
    List<List<OutgoingTensor>> shards = new ArrayList<>();
    long length = Long.MAX_VALUE;
    for (OutgoingTensor tensor : tensors) {
      if (shards.isEmpty() || length + tensor.length() > shardBytes) {
        shards.add(new ArrayList<>());
        length = 0;
      }
      shards.get(shards.size() - 1).add(tensor);
      length += tensor.length();
    }
    Map<String, String> fileOf = new TreeMap<>();
    for (int i = 0; i < shards.size(); i++) {
      List<OutgoingTensor> shard = shards.get(i);
      String file =
          shards.size() == 1
              ? WeightFiles.SINGLE
              : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
      draft.write(file, out -> SafetensorsWriter.write(out, shard));
      shard.forEach(tensor -> fileOf.put(tensor.name(), file));
    }
    if (shards.size() == 1) {
      return;
    }
    ObjectNode json = JSON.createObjectNode();
    json.putObject("metadata")
        .put("total_size", tensors.stream().mapToLong(OutgoingTensor::length).sum());
    json.set("weight_map", JSON.valueToTree(fileOf));
    draft.write(WeightFiles.INDEX, out -> out.write(text(json)));
  }

  private void copyFiles(FolderDraft draft) throws IOException {
    for (String name : base.names()) {
      if (COPIED.stream().anyMatch(name::endsWith) && !name.equals(WeightFiles.INDEX)) {
        byte[] content =
            name.equals(CONFIG) && type.isPresent() ? text(config(type.get())) : base.bytes(name);
        draft.write(name, out -> out.write(content));
      }
    }
  }

  /** The configuration with another type, which is the one that transformers loads weights in. */
  private JsonNode config(StoredType named) {
    ObjectNode config = base.json(CONFIG).deepCopy();
    config.put(config.has("dtype") ? "dtype" : "torch_dtype", named.dtype());
    for (JsonNode part : config) {
      if (part instanceof ObjectNode object && object.has("dtype")) {
        object.put("dtype", named.dtype());
      }
    }
    return config;
  }

  private static byte[] text(JsonNode json) {
    return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
