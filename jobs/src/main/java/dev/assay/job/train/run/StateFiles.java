package dev.assay.job.train.run;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.checkpoint.writing.OutgoingTensor;
import dev.assay.checkpoint.writing.SafetensorsWriter;
import dev.assay.job.files.AtomicFile;
import dev.assay.model.training.Parameter;
import dev.assay.train.optimizer.AdamW;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Parameters and the state of their optimizer as tensors of safetensors files: three of each
 * parameter, {@code values.NAME}, {@code means.NAME} and {@code squares.NAME}. A parameter that has
 * only its values was never stepped.
 */
public record StateFiles(TensorIndex index) {
  static final String SINGLE = "model.safetensors";

  private static final String VALUES = "values.";
  private static final String MEANS = "means.";
  private static final String SQUARES = "squares.";

  /**
   * Opens the tensors of a checkpoint, in one file or in several with an index.
   *
   * @throws dev.assay.checkpoint.CheckpointException if they cannot be read
   */
  public static StateFiles open(Path checkpoint, Configuration hadoop) {
    return new StateFiles(TensorIndex.of(CheckpointFolder.open(checkpoint.toString(), hadoop)));
  }

  /**
   * Writes some parameters into one file.
   *
   * @return the names of its tensors
   */
  public static List<String> write(
      Path file,
      Configuration hadoop,
      List<Parameter> parameters,
      float[][] values,
      AdamW.State optimizer) {
    List<OutgoingTensor> tensors = new ArrayList<>();
    for (int p = 0; p < parameters.size(); p++) {
      tensors.add(tensor(VALUES, parameters.get(p), values[p]));
      if (optimizer.steps() > 0) {
        tensors.add(tensor(MEANS, parameters.get(p), optimizer.means()[p]));
        tensors.add(tensor(SQUARES, parameters.get(p), optimizer.squares()[p]));
      }
    }
    try {
      AtomicFile.replace(file, hadoop, out -> SafetensorsWriter.write(out, tensors));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
    return tensors.stream().map(OutgoingTensor::name).toList();
  }

  private static OutgoingTensor tensor(String kind, Parameter parameter, float[] values) {
    return OutgoingTensor.of(
        NamedTensor.of(kind + parameter.name(), parameter.shape(), values), StoredType.F32);
  }

  /** The values of some parameters. */
  public float[][] values(List<Parameter> parameters) {
    return parameters.stream().map(this::values).toArray(float[][]::new);
  }

  /** The values of one parameter. */
  public float[] values(Parameter parameter) {
    return read(VALUES, parameter);
  }

  /**
   * The optimizer's state of some parameters.
   *
   * @param steps taken so far; before the first step it is zeros
   */
  public AdamW.State optimizer(List<Parameter> parameters, long steps) {
    return new AdamW.State(
        steps, moments(MEANS, parameters, steps), moments(SQUARES, parameters, steps));
  }

  private float[][] moments(String kind, List<Parameter> parameters, long steps) {
    return parameters.stream()
        .map(p -> steps == 0 ? new float[p.size()] : read(kind, p))
        .toArray(float[][]::new);
  }

  private float[] read(String kind, Parameter parameter) {
    index.check(kind + parameter.name(), parameter.shape());
    return index.values(kind + parameter.name());
  }
}
