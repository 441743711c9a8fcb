package dev.assay.job.train.memory;

import dev.assay.checkpoint.config.DecoderConfig;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.train.step.BatchTasks;
import dev.assay.model.training.Piece;
import java.util.Locale;

/**
 * The memory that a training run needs, in bytes.
 *
 * <p>Trained numbers are float32. A replica has a value and a gradient of each, or with gradients
 * on disk a value in the precision of the computation and the gradients of a layer. The optimizer
 * has a value and two moments; a step reads one state and its gradient and writes the next.
 *
 * @param size of the model
 * @param machine that an executor is on
 * @param executors their number
 * @param kept where the optimizer and gradients are
 * @param pass what goes through the model at once
 */
public record MemoryNeed(ModelSize size, Machine machine, int executors, Kept kept, Pass pass) {
  private static final double GIB = 1L << 30;

  /** Activations of a layer that its backward pass needs, in widths of a hidden state. */
  private static final int KEPT_HIDDEN = 10;

  /** The same in widths of the gated MLP. */
  private static final int KEPT_INTERMEDIATE = 4;

  /** Where the optimizer and gradients are. */
  public enum Kept {
    /** The optimizer is on the driver, and gradients are beside the model. */
    ON_DRIVER,
    /** The optimizer is in shards on the executors. */
    IN_SHARDS,
    /** The same, and gradients are in a file of each executor. */
    IN_SHARDS_AND_FILES
  }

  /** What Java and the engine take beside the heap and the model, as measured. */
  private static final long PROCESS = 1L << 30;

  /**
   * What goes through the model at once.
   *
   * @param tokens at most
   * @param recompute whether only the inputs of layers are kept
   */
  public record Pass(int tokens, boolean recompute) {}

  private boolean inShards() {
    return kept != Kept.ON_DRIVER;
  }

  private boolean inFiles() {
    return kept == Kept.IN_SHARDS_AND_FILES;
  }

  /**
   * Values of the model on each executor: frozen ones in its precision, trained ones in float32 or
   * in its precision too. A head is always float32.
   */
  long weights() {
    long full = inFiles() ? size.head() : size.trained();
    return (size.frozen() + size.trained() - full) * machine.numberBytes() + full * Float.BYTES;
  }

  /** Gradients on each executor: sums, and those of one layer before they are added. */
  long gradients() {
    if (!inFiles()) {
      return size.trained() * Float.BYTES;
    }
    long ofPass = pass.recompute() ? 2 * size.layer() : size.trained() - size.head();
    return ofPass * machine.numberBytes() + 2 * size.head() * Float.BYTES;
  }

  /** The file of gradients on each executor. */
  long file() {
    return inFiles() ? size.trained() * Float.BYTES : 0;
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
    return inShards() ? 9L * Float.BYTES * size.trained() / executors : 0;
  }

  /** The most numbers of a shard that is worked on. */
  private long shard() {
    return Math.min(size.trained(), BatchTasks.Cut.FINE + Piece.BLOCK);
  }

  /**
   * The least heap of an executor: a shard with its gradient before and after a step, or the values
   * that the driver sends.
   */
  long executorHeap() {
    return (inShards() ? 8 * shard() : size.trained()) * Float.BYTES;
  }

  /** The least heap of the driver: a tensor that it writes and what it is read from. */
  long driverHeap() {
    return (inShards() ? size.largest() + shard() : 4 * size.trained()) * Float.BYTES;
  }

  /** Resident memory of an executor whose model is not on a GPU, at most, with all of its heap. */
  long resident() {
    return weights() + gradients() + activations() + machine.heap() + PROCESS;
  }

  /** What is needed where, in one line. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "memory: on each executor %.1f GiB of %s (weights %.1f, gradients %.1f, activations about"
            + " %.1f)%s and at least %.1f GiB of heap%s; on the driver at least %.1f GiB of heap",
        (weights() + gradients() + activations()) / GIB,
        machine.gpu() ? "GPU memory" : "memory outside of the heap",
        weights() / GIB,
        gradients() / GIB,
        activations() / GIB,
        disk(),
        executorHeap() / GIB,
        machine.gpu()
            ? ""
            : String.format(
                Locale.ROOT,
                " (in all about %.1f GiB with its heap of %.1f)",
                resident() / GIB,
                machine.heap() / GIB),
        driverHeap() / GIB);
  }

  private String disk() {
    String optimizer =
        inShards()
            ? String.format(
                Locale.ROOT, ", %.1f GiB of heap or disk for the optimizer", shards() / GIB)
            : "";
    return inFiles()
        ? optimizer + String.format(Locale.ROOT, ", %.1f GiB of disk for gradients", file() / GIB)
        : optimizer;
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
              wayOut(key)));
    }
    String lower =
        inShards()
            ? ", or leave the largest tensor out of " + key + ".full.tensors"
            : ", or lower " + key + ".lora.rank";
    checkHeap("an executor", executorHeap(), machine.heap(), "spark.executor.memory", lower);
    checkHeap("the driver", driverHeap(), driverHeap, "ASSAY_MEMORY", lower);
  }

  private String wayOut(String key) {
    if (!inShards()) {
      return "use larger machines, or a smaller model";
    }
    String disk = inFiles() ? "" : "set " + key + ".full.gradients = disk, or ";
    return disk
        + "set "
        + key
        + ".method = lora, or name fewer tensors in "
        + key
        + ".full.tensors";
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
