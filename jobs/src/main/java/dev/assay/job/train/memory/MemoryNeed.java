package dev.assay.job.train.memory;

import dev.assay.checkpoint.config.DecoderConfig;
import dev.assay.job.failure.SettingsException;
import java.util.Locale;

/**
 * The memory that a training run needs, in bytes.
 *
 * <p>Trained numbers are float32. A replica has a value and a gradient of each. The optimizer has a
 * value and two moments; a step reads one state and its gradient and writes the next.
 *
 * @param size of the model
 * @param machine that an executor is on
 * @param executors their number
 * @param inShards whether the optimizer is on the executors, not on the driver
 * @param pass what goes through the model at once
 */
public record MemoryNeed(
    ModelSize size, Machine machine, int executors, boolean inShards, Pass pass) {
  private static final double GIB = 1L << 30;

  /** Activations of a layer that its backward pass needs, in widths of a hidden state. */
  private static final int KEPT_HIDDEN = 10;

  /** The same in widths of the gated MLP. */
  private static final int KEPT_INTERMEDIATE = 4;

  /**
   * What goes through the model at once.
   *
   * @param tokens at most
   * @param recompute whether only the inputs of layers are kept
   */
  public record Pass(int tokens, boolean recompute) {}

  /**
   * Values of the model on each executor: frozen ones in its precision, trained ones in float32.
   */
  long weights() {
    return size.frozen() * machine.numberBytes() + size.trained() * Float.BYTES;
  }

  /** Gradients on each executor. */
  long gradients() {
    return size.trained() * Float.BYTES;
  }

  /** Activations on each executor, about. Attention is not counted, which keeps no matrix. */
  long activations() {
    DecoderConfig decoder = size.decoder();
    long layer =
        (long) KEPT_HIDDEN * decoder.hidden() + (long) KEPT_INTERMEDIATE * decoder.intermediate();
    long kept =
        pass.recompute()
            ? (long) decoder.layers() * decoder.hidden() + layer
            : decoder.layers() * layer;
    return kept * pass.tokens() * machine.numberBytes();
  }

  /**
   * Shards on each executor while a step is taken, on disk where memory does not suffice: values,
   * moments, and values to be fetched, before and after it, and the gradient.
   */
  long shards() {
    return inShards ? 9L * Float.BYTES * size.trained() / executors : 0;
  }

  /**
   * The least heap of an executor: the largest trained tensor with its gradient before and after a
   * step, or the values that the driver sends.
   */
  long executorHeap() {
    return (inShards ? 8 * size.largest() : size.trained()) * Float.BYTES;
  }

  /** The least heap of the driver. */
  long driverHeap() {
    return (inShards ? size.largest() : 4 * size.trained()) * Float.BYTES;
  }

  /** What is needed where, in one line. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "memory: on each executor %.1f GiB of %s (weights %.1f, gradients %.1f, activations about"
            + " %.1f)%s and at least %.1f GiB of heap; on the driver at least %.1f GiB of heap",
        (weights() + gradients() + activations()) / GIB,
        machine.gpu() ? "GPU memory" : "memory outside of the heap",
        weights() / GIB,
        gradients() / GIB,
        activations() / GIB,
        inShards
            ? String.format(
                Locale.ROOT, ", %.1f GiB of heap or disk for the optimizer", shards() / GIB)
            : "",
        executorHeap() / GIB,
        driverHeap() / GIB);
  }

  /**
   * Refuses a run that cannot fit.
   *
   * @param key prefix of the job's settings
   * @param driverHeap bytes that the driver has
   * @throws SettingsException naming what does not fit and the way out
   */
  public void check(String key, long driverHeap) {
    long least = weights() + gradients();
    if (least > machine.device()) {
      throw new SettingsException(
          String.format(
              Locale.ROOT,
              "Cannot train: weights and gradients need %.1f GiB of %s on each executor, which has"
                  + " %.1f GiB; %s",
              least / GIB,
              machine.gpu() ? "GPU memory" : "memory",
              machine.device() / GIB,
              inShards
                  ? "set "
                      + key
                      + ".method = lora, or name fewer tensors in "
                      + key
                      + ".full.tensors"
                  : "use larger machines, or a smaller model"));
    }
    String lower =
        inShards
            ? ", or leave the largest tensor out of " + key + ".full.tensors"
            : ", or lower " + key + ".lora.rank";
    checkHeap("an executor", executorHeap(), machine.heap(), "spark.executor.memory", lower);
    checkHeap("the driver", driverHeap(), driverHeap, "ASSAY_MEMORY", lower);
  }

  private static void checkHeap(String who, long least, long has, String setting, String lower) {
    if (least > has) {
      throw new SettingsException(
          String.format(
              Locale.ROOT,
              "Cannot train: %s needs at least %.1f GiB of heap and has %.1f GiB; raise %s%s",
              who,
              least / GIB,
              has / GIB,
              setting,
              lower));
    }
  }
}
