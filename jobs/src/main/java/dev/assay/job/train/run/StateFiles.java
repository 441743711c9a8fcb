package dev.assay.job.train.run;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.checkpoint.writing.OutgoingTensor;
import dev.assay.checkpoint.writing.SafetensorsWriter;
import dev.assay.job.files.AtomicFile;
import dev.assay.model.training.Parameter;
import dev.assay.model.training.Piece;
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
 * only its values was never stepped. A piece of a parameter is a tensor of one axis, {@code
 * values.NAME@FIRST} with the place of its first number.
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
   * Writes some numbers into one file.
   *
   * @param parameters all of them
   * @param pieces what is written
   * @param values of each piece
   * @param optimizer its state for each piece
   * @return the names of its tensors
   */
  public static List<String> write(
      Path file,
      Configuration hadoop,
      List<Parameter> parameters,
      List<Piece> pieces,
      float[][] values,
      AdamW.State optimizer) {
    List<OutgoingTensor> tensors = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      Tensor tensor = Tensor.of(parameters, pieces.get(i));
      tensors.add(tensor.outgoing(VALUES, values[i]));
      if (optimizer.steps() > 0) {
        tensors.add(tensor.outgoing(MEANS, optimizer.means()[i]));
        tensors.add(tensor.outgoing(SQUARES, optimizer.squares()[i]));
      }
    }
    try {
      AtomicFile.replace(file, hadoop, out -> SafetensorsWriter.write(out, tensors));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
    return tensors.stream().map(OutgoingTensor::name).toList();
  }

  /** How a piece is stored, but for the prefix of its name. */
  private record Tensor(String name, List<Long> shape) {
    static Tensor of(List<Parameter> parameters, Piece piece) {
      Parameter parameter = parameters.get(piece.parameter());
      return piece.length() == parameter.size()
          ? new Tensor(parameter.name(), parameter.shape())
          : new Tensor(parameter.name() + "@" + piece.from(), List.of((long) piece.length()));
    }

    OutgoingTensor outgoing(String kind, float[] values) {
      return OutgoingTensor.of(NamedTensor.of(kind + name, shape, values), StoredType.F32);
    }
  }

  /** The values of all parameters. */
  public float[][] values(List<Parameter> parameters) {
    return parameters.stream().map(this::values).toArray(float[][]::new);
  }

  /** The values of one parameter. */
  public float[] values(Parameter parameter) {
    return whole(VALUES, parameter);
  }

  /** The values of some pieces, which were written as these pieces. */
  public float[][] values(List<Parameter> parameters, List<Piece> pieces) {
    return read(VALUES, parameters, pieces);
  }

  /**
   * The optimizer's state of all parameters.
   *
   * @param steps taken so far; before the first step it is zeros
   */
  public AdamW.State optimizer(List<Parameter> parameters, long steps) {
    return steps == 0
        ? AdamW.State.first(parameters.stream().mapToInt(Parameter::size).toArray())
        : new AdamW.State(steps, whole(MEANS, parameters), whole(SQUARES, parameters));
  }

  /** The same for some pieces, which were written as these pieces. */
  public AdamW.State optimizer(List<Parameter> parameters, List<Piece> pieces, long steps) {
    return steps == 0
        ? AdamW.State.first(pieces.stream().mapToInt(Piece::length).toArray())
        : new AdamW.State(
            steps, read(MEANS, parameters, pieces), read(SQUARES, parameters, pieces));
  }

  private float[][] read(String kind, List<Parameter> parameters, List<Piece> pieces) {
    return pieces.stream()
        .map(piece -> Tensor.of(parameters, piece))
        .map(
            tensor -> {
              index.check(kind + tensor.name(), tensor.shape());
              return index.values(kind + tensor.name());
            })
        .toArray(float[][]::new);
  }

  private float[][] whole(String kind, List<Parameter> parameters) {
    return parameters.stream().map(p -> whole(kind, p)).toArray(float[][]::new);
  }

  /** All numbers of a parameter, from its pieces if it was written in several. */
  private float[] whole(String kind, Parameter parameter) {
    String name = kind + parameter.name();
    if (index.has(name) || !index.has(name + "@0")) {
      index.check(name, parameter.shape());
      return index.values(name);
    }
    float[] all = new float[parameter.size()];
    for (int from = 0; from < all.length; ) {
      String piece = name + "@" + from;
      index.check(piece, index.has(piece) ? index.shape(piece) : List.of());
      float[] some = index.values(piece);
      System.arraycopy(some, 0, all, from, some.length);
      from += some.length;
    }
    return all;
  }
}
