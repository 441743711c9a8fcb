package dev.assay.checkpoint.config;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The architectures that Assay supports. */
public enum Family {
  QWEN2_VL("qwen2_vl"),
  QWEN2_5_VL("qwen2_5_vl");

  private final String modelType;

  Family(String modelType) {
    this.modelType = modelType;
  }

  /** Its name in {@code model_type} of {@code config.json}. */
  public String modelType() {
    return modelType;
  }

  static Family of(String modelType, CheckpointFolder folder) {
    for (Family family : values()) {
      if (family.modelType.equals(modelType)) {
        return family;
      }
    }
    throw new CheckpointException(
        "Cannot load "
            + folder
            + ": model_type in config.json is "
            + (modelType.isEmpty() ? "missing" : "'" + modelType + "'")
            + "; Assay supports "
            + Arrays.stream(values()).map(Family::modelType).collect(Collectors.joining(", ")));
  }
}
