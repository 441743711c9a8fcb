package dev.assay.checkpoint.tensors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The safetensors files of a whole checkpoint, as transformers chooses them: the single file if it
 * is there, whatever an index beside it says; otherwise the files that the index names.
 */
public final class WeightFiles {
  public static final String SINGLE = "model.safetensors";
  public static final String INDEX = "model.safetensors.index.json";

  private WeightFiles() {}

  /**
   * Their names in a folder, sorted.
   *
   * @throws CheckpointException if there are none, or one that the index names is missing
   */
  public static SortedSet<String> in(CheckpointFolder folder) {
    SortedSet<String> files = new TreeSet<>();
    if (folder.has(SINGLE)) {
      files.add(SINGLE);
    } else if (folder.has(INDEX)) {
      for (JsonNode file : folder.json(INDEX).path("weight_map")) {
        files.add(file.asText());
      }
      for (String file : files) {
        if (!folder.has(file)) {
          throw new CheckpointException(
              "Cannot load " + folder + ": " + INDEX + " names " + file + ", which is not there");
        }
      }
    }
    if (files.isEmpty()) {
      boolean pickle =
          folder.names().stream()
              .anyMatch(n -> n.endsWith(".bin") || n.endsWith(".pt") || n.endsWith(".pth"));
      throw new CheckpointException(
          "Cannot load "
              + folder
              + ": it has no "
              + SINGLE
              + (pickle
                  ? "; pickled weights are never read, save the model with safe_serialization=True"
                  : ""));
    }
    return files;
  }
}
