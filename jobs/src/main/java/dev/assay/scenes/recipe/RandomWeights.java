package dev.assay.scenes.recipe;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.checkpoint.writing.NamedTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Initial weights of a model. Matrices are normal with standard deviation 1 / sqrt(inputs), and
 * smaller in layers that add to the residual stream. Norms are one, and biases are zero.
 */
final class RandomWeights {
  private static final double EMBEDDINGS = 0.05;
  private static final double RESIDUAL = 0.4;
  private static final List<String> ADDING = List.of("o_proj", "down_proj", "attn.proj", "fc2");

  private RandomWeights() {}

  /** New values for every tensor of a checkpoint. */
  static List<NamedTensor> like(CheckpointFolder checkpoint, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TensorIndex index = TensorIndex.of(checkpoint);
    List<NamedTensor> tensors = new ArrayList<>();
    for (String name : index.names()) {
      tensors.add(NamedTensor.of(name, index.shape(name), values(name, index.shape(name), random)));
    }
    return tensors;
  }

  private static float[] values(String name, List<Long> shape, SplittableRandom random) {
    int size = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    float[] values = new float[size];
    boolean norm = name.contains("norm") || name.contains("ln_q");
    double width =
        name.contains("embed_tokens")
            ? EMBEDDINGS
            : Math.sqrt((double) shape.get(0) / size)
                * (ADDING.stream().anyMatch(name::contains) ? RESIDUAL : 1);
    for (int i = 0; i < size; i++) {
      if (shape.size() > 1) {
        values[i] = (float) (width * random.nextGaussian());
      } else if (norm && name.endsWith("weight")) {
        values[i] = 1;
      }
    }
    return values;
  }
}
