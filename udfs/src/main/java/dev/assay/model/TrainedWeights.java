package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.random.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A model's weights, some of which are trained. Those are float32, whatever is computed in; the
 * others are loaded once, in the precision computed in.
 */
final class TrainedWeights implements TensorSource {
  private final Weights frozen;
  private final Weights master;
  private final Tuning tuning;
  private final NDManager owner;
  private final long seed;
  private final NDArray none;
  private final Map<String, NDArray> loaded = new HashMap<>(); // a table may be asked for twice
  private final Map<Parameter, NDArray> trained = new LinkedHashMap<>();

  /**
   * @param frozen loads in the precision computed in
   * @param master loads in float32
   * @param seed of the adapters' first values
   */
  TrainedWeights(Weights frozen, Weights master, Tuning tuning, NDManager owner, long seed) {
    this.frozen = frozen;
    this.master = master;
    this.tuning = tuning;
    this.owner = owner;
    this.seed = seed;
    this.none = owner.create(new Shape(0));
  }

  /** What is trained, in the order in which the model asked for it. */
  Map<Parameter, NDArray> trained() {
    return trained;
  }

  @Override
  public NDArray tensor(String name, long... shape) {
    NDArray known = loaded.get(name);
    if (known != null) {
      return known;
    }
    boolean trains = tuning instanceof Tuning.Full full && full.tensors().matcher(name).matches();
    NDArray tensor = (trains ? master : frozen).tensor(name, shape);
    loaded.put(name, tensor);
    if (trains) {
      train(name, tensor);
    }
    return tensor;
  }

  @Override
  public NDList adapters(List<Linear> layers) {
    NDList arrays = new NDList();
    if (tuning instanceof Tuning.Lora lora
        && layers.stream().anyMatch(layer -> lora.config().targets().contains(layer.module()))) {
      for (Linear layer : layers) {
        add(arrays, layer, lora.config());
      }
    }
    return arrays;
  }

  private void add(NDList arrays, Linear layer, LoraConfig config) {
    if (!config.targets().contains(layer.module())) {
      arrays.add(none);
      arrays.add(none);
      return;
    }
    String a = layer.module() + ".lora_A.weight";
    int rank = config.rank();
    arrays.add(train(a, owner.create(uniform(a, rank, layer.in()), new Shape(rank, layer.in()))));
    arrays.add(train(layer.module() + ".lora_B.weight", owner.zeros(new Shape(layer.out(), rank))));
  }

  /** As PEFT begins: uniform within one over the root of the inputs. */
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
