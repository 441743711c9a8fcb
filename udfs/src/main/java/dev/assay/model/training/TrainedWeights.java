package dev.assay.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.model.TensorSource;
import dev.assay.model.Weights;
import dev.assay.random.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * A model's weights, some of which are trained. Trained weights are float32, and rounded to the
 * precision of the computation where they are used; they may be kept rounded. The others are in
 * that precision.
 */
final class TrainedWeights implements TensorSource {
  private final Weights frozen;
  private final Weights master;
  private final Tuning tuning;
  private final Predicate<String> rounded;
  private final NDManager owner;
  private final NDManager host;
  private final long seed;
  private final Map<String, NDArray> loaded = new HashMap<>(); // tied embeddings are read twice
  private final Map<Parameter, NDArray> trained = new LinkedHashMap<>();

  /**
   * @param frozen loads in the precision of the computation
   * @param master loads in float32
   * @param rounded names of trained tensors that are kept as the computation uses them
   * @param host for numbers that kernels read on the host wherever the model is
   * @param seed of the initial values of adapters
   */
  TrainedWeights(
      Weights frozen,
      Weights master,
      Tuning tuning,
      Predicate<String> rounded,
      NDManager owner,
      NDManager host,
      long seed) {
    this.frozen = frozen;
    this.master = master;
    this.tuning = tuning;
    this.rounded = rounded;
    this.owner = owner;
    this.seed = seed;
    this.host = host;
  }

  /** What is trained, in the order in which the model read it. */
  Map<Parameter, NDArray> trained() {
    return trained;
  }

  /** Whether a trained tensor is loaded without rounding. */
  boolean isExact(Parameter parameter) {
    return !rounded.test(parameter.name()) || frozen.isExact(parameter.name());
  }

  /** A tensor of the checkpoint in float32, loaded again. */
  NDArray float32(Parameter parameter) {
    return master.tensor(
        parameter.name(), parameter.shape().stream().mapToLong(Long::longValue).toArray());
  }

  @Override
  public NDArray tensor(String name, long... shape) {
    NDArray known = loaded.get(name);
    if (known != null) {
      return known;
    }
    boolean trains = tuning instanceof Tuning.Full full && full.tensors().matcher(name).matches();
    NDArray tensor = (trains && !rounded.test(name) ? master : frozen).tensor(name, shape);
    loaded.put(name, tensor);
    if (trains) {
      train(name, tensor);
    }
    return tensor;
  }

  @Override
  public Optional<Adapter> adapter(Linear layer) {
    if (!(tuning instanceof Tuning.Lora lora)
        || !lora.config().targets().contains(layer.module())) {
      return Optional.empty();
    }
    LoraConfig config = lora.config();
    String a = layer.module() + ".lora_A.weight";
    String b = layer.module() + ".lora_B.weight";
    int rank = config.rank();
    float[] values = uniform(a, rank, layer.in());
    return Optional.of(
        new Adapter(
            train(a, owner.create(values, new Shape(rank, layer.in()))),
            train(b, owner.zeros(new Shape(layer.out(), rank))),
            host.create(new double[] {config.scaling(), config.dropout()})));
  }

  /** Initial values of A as in PEFT: uniform between -1/sqrt(in) and 1/sqrt(in). */
  private float[] uniform(String name, int rank, long in) {
    SplittableRandom random = new SplittableRandom(Seeds.mix(seed, name));
    double bound = 1 / Math.sqrt(in);
    float[] values = new float[Math.toIntExact(rank * in)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return values;
  }

  private NDArray train(String name, NDArray array) {
    array.setRequiresGradient(true);
    List<Long> shape = new ArrayList<>();
    for (long axis : array.getShape().getShape()) {
      shape.add(axis);
    }
    trained.put(new Parameter(name, shape), array);
    return array;
  }
}
