package dev.assay.checkpoint.adapter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.Fixtures;
import dev.assay.checkpoint.AdapterBase;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.StoredTensors;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.checkpoint.writing.OutgoingTensor;
import dev.assay.checkpoint.writing.SafetensorsWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;

/** Copies of PEFT's adapters, to be edited. */
public final class AdapterFolders {
  public static final Configuration HADOOP = new Configuration();

  private static final ObjectMapper JSON = new ObjectMapper();

  private AdapterFolders() {}

  /** A copy of an adapter of the fixtures, on a base of the fixtures. */
  public static Path copy(String adapter, String base, Path to) throws IOException {
    Files.createDirectories(to);
    for (String name : List.of(AdapterBase.PEFT_FILE, PeftAdapter.TENSORS)) {
      Files.copy(Fixtures.path(adapter).resolve(name), to.resolve(name));
    }
    editConfig(to, c -> c.put("base_model_name_or_path", Fixtures.path(base).toString()));
    return to;
  }

  public static void editConfig(Path adapter, Consumer<ObjectNode> edit) throws IOException {
    edit(adapter.resolve(AdapterBase.PEFT_FILE), edit);
  }

  public static void edit(Path file, Consumer<ObjectNode> edit) throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(file.toFile());
    edit.accept(json);
    Files.write(file, JSON.writeValueAsBytes(json));
  }

  /** Writes an adapter's tensors anew under other names; null leaves one out. */
  public static void rename(Path adapter, UnaryOperator<String> rename) throws IOException {
    CheckpointFolder folder = CheckpointFolder.openAlone(adapter.toString(), HADOOP);
    StoredTensors tensors = StoredTensors.of(folder, PeftAdapter.TENSORS);
    List<OutgoingTensor> renamed = new ArrayList<>();
    for (String name : tensors.names()) {
      String other = rename.apply(tensors.get(name).name());
      if (other != null) {
        NamedTensor tensor = NamedTensor.of(other, tensors.shape(name), tensors.values(name));
        renamed.add(OutgoingTensor.of(tensor, StoredType.F32));
      }
    }
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(adapter.resolve(PeftAdapter.TENSORS)))) {
      SafetensorsWriter.write(out, renamed);
    }
  }

  /** The tensors of an adapter as a trainer would hand them over. */
  public static List<NamedTensor> tensors(PeftAdapter adapter) {
    StoredTensors tensors = adapter.tensors();
    return tensors.names().stream()
        .map(name -> NamedTensor.of(name, tensors.shape(name), tensors.values(name)))
        .toList();
  }

  public static CheckpointFolder open(Path folder) {
    return CheckpointFolder.open(folder.toString(), HADOOP);
  }
}
