package dev.assay.kernels;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/**
 * The compiled kernels on one device. Thread-safe.
 *
 * <p>An argument is an {@link NDArray}, an {@link NDList} (a list of arrays) or {@link
 * BlockWeights} (a dictionary of arrays). A call takes at most one list and one dictionary. A
 * method that is run with autograd can take nothing else. Results belong to the given scope.
 */
public final class Kernels implements AutoCloseable {
  /** The text of the kernels; the first file opens the class. */
  private static final List<String> SOURCES =
      List.of(
          "module.py",
          "weights.py",
          "layers.py",
          "decoder.py",
          "training.py",
          "vision.py",
          "qwen2_vl.py",
          "qwen2_5_vl.py",
          "retrieval.py");

  private final Model model;
  private final PtSymbolBlock block;
  private final boolean gradient;

  private Kernels(Model model, boolean gradient) {
    this.model = model;
    this.block = (PtSymbolBlock) model.getBlock();
    this.gradient = gradient;
  }

  /**
   * Compiles the kernels for a device. They run in inference mode: fastest, and without gradients.
   */
  public static Kernels on(Device device) {
    Model model = Model.newInstance("kernels", device, "PyTorch");
    try {
      model.load(new ByteArrayInputStream(TorchScriptArchive.of(SOURCES)));
      return new Kernels(model, false);
    } catch (IOException | MalformedModelException e) {
      model.close();
      throw new IllegalStateException("Cannot compile the kernels: " + e.getMessage(), e);
    }
  }

  /**
   * The same kernels outside inference mode, so that gradients flow to the arguments that require
   * them. Weights have to be made this way too, because an array made in inference mode can never
   * be part of a graph. Closing this view closes the kernels.
   */
  public Kernels withGradient() {
    return new Kernels(model, true);
  }

  /** Runs a method. */
  public NDList run(NDManager scope, String method, Object... arguments) {
    return gradient ? inGraph(scope, method, arguments) : inference(scope, method, arguments);
  }

  /** Runs a method that has one result. */
  public NDArray apply(NDManager scope, String method, Object... arguments) {
    return run(scope, method, arguments).singletonOrThrow();
  }

  private NDList inference(NDManager scope, String method, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
      }
      try (IValue result = IValueUtils.runMethod(block, method, values)) {
        return result.toNDList((PtNDManager) scope);
      }
    } finally {
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private static IValue value(Object argument) {
    if (argument instanceof BlockWeights weights) {
      return IValue.stringMapFrom(weights.arrays());
    }
    if (argument instanceof NDList list) {
      return IValue.listFrom(list.stream().map(a -> (PtNDArray) a).toArray(PtNDArray[]::new));
    }
    return IValue.from((PtNDArray) argument);
  }

  /**
   * With autograd the engine takes only arrays, and their names say what they are: {@code list[]}
   * is an element of a list, {@code weights.q} is the value of {@code q} in a dictionary, and
   * {@code module_method:m} names the method m.
   */
  private NDList inGraph(NDManager scope, String method, Object... arguments) {
    // Otherwise every new shape is compiled again. The setting belongs to the thread.
    JniUtils.setGraphExecutorOptimize(false);
    try (NDManager names = scope.newSubManager()) {
      NDList inputs = new NDList(named("module_method:" + method, names.create(0f)));
      for (Object argument : arguments) {
        if (argument instanceof BlockWeights weights) {
          weights.arrays().forEach((n, array) -> inputs.add(alias(names, "weights." + n, array)));
        } else if (argument instanceof NDList list) {
          list.forEach(array -> inputs.add(alias(names, "list[]", array)));
        } else {
          inputs.add((NDArray) argument);
        }
      }
      NDList results = IValueUtils.forward(block, inputs, true);
      results.attach(scope);
      return results;
    }
  }

  /**
   * A view of the array, under a name. The array itself may be shared by threads, so it keeps its
   * own name.
   */
  private static NDArray alias(NDManager names, String name, NDArray array) {
    NDArray alias = array.reshape(array.getShape());
    alias.attach(names);
    return named(name, alias);
  }

  private static NDArray named(String name, NDArray array) {
    array.setName(name);
    return array;
  }

  @Override
  public void close() {
    model.close();
  }
}
