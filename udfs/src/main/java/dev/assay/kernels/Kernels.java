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

/**
 * The compiled kernels on one device. Thread-safe.
 *
 * <p>An argument is an {@link NDArray} or an {@link NDList} (a list of arrays, at most one a call):
 * nothing else can be passed to a method that is run with autograd. Results belong to the scope
 * given.
 */
public final class Kernels implements AutoCloseable {
  private final Model model;
  private final PtSymbolBlock block;
  private final boolean gradient;

  private Kernels(Model model, boolean gradient) {
    this.model = model;
    this.block = (PtSymbolBlock) model.getBlock();
    this.gradient = gradient;
  }

  /** Compiles the kernels for a device. They run in inference mode: cheapest, and no gradients. */
  public static Kernels on(Device device) {
    Model model = Model.newInstance("kernels", device, "PyTorch");
    try {
      model.load(new ByteArrayInputStream(TorchScriptArchive.of("kernels.py")));
      return new Kernels(model, false);
    } catch (IOException | MalformedModelException e) {
      model.close();
      throw new IllegalStateException("Cannot compile the kernels: " + e.getMessage(), e);
    }
  }

  /**
   * The same kernels outside inference mode: gradients flow from results to those arguments that
   * require them. Weights must be made this way too, because an array made in inference mode can
   * never be part of a graph. Closing this view closes the kernels.
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
        values[i] =
            arguments[i] instanceof NDList list
                ? IValue.listFrom(list.stream().map(a -> (PtNDArray) a).toArray(PtNDArray[]::new))
                : IValue.from((PtNDArray) arguments[i]);
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

  private NDList inGraph(NDManager scope, String method, Object... arguments) {
    // The optimiser would compile anew for every shape; the setting is the thread's.
    JniUtils.setGraphExecutorOptimize(false);
    NDList inputs = new NDList();
    try (NDArray name = scope.create(0f)) {
      name.setName("module_method:" + method);
      for (Object argument : arguments) {
        if (argument instanceof NDList list) {
          list.forEach(array -> array.setName("w[]")); // DJL makes these one list argument
          inputs.addAll(list);
        } else {
          NDArray single = (NDArray) argument;
          single.setName(null); // it may have been in a list before
          inputs.add(single);
        }
      }
      inputs.add(name);
      NDList results = IValueUtils.forward(block, inputs, true);
      results.attach(scope);
      return results;
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
