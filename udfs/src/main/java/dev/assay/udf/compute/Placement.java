package dev.assay.udf.compute;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.util.cuda.CudaUtils;
import dev.assay.model.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * The device that a task's model runs on, and its precision.
 *
 * <p>Device: a task to which Spark gave a GPU ({@code spark.task.resource.gpu.amount}) runs on that
 * one. Without such a grant, as in local mode, {@code auto} takes the first GPU that the engine
 * sees and else the CPU. {@code cpu} never takes a GPU; {@code gpu} fails where there is none.
 *
 * <p>Precision: {@code auto} is bfloat16 where that is fast: GPUs from compute capability 8.0 on,
 * and CPUs with AMX or AVX-512 bfloat16 instructions. Elsewhere it is float32. Executors of one job
 * should be alike, or scores differ in precision (and in fingerprint). The jobs choose one
 * precision before they start.
 */
public record Placement(Device device, Precision precision) {
  /** What the choice depends on; tests substitute other machines. */
  interface Machine {
    /** GPUs that the engine sees, after CUDA_VISIBLE_DEVICES. */
    int gpus();

    /** CUDA compute capability times ten, 80 for 8.0. */
    int computeCapability(int gpu);

    /** The {@code flags} of /proc/cpuinfo; empty where there is none. */
    List<String> cpuFlags();

    /** The value of CUDA_VISIBLE_DEVICES, or null. */
    String visibleDevices();
  }

  /**
   * For the task that calls, on the machine it runs on.
   *
   * @throws IllegalArgumentException if there is no such device
   */
  public static Placement here(Compute compute) {
    return here(compute.device(), compute.precision());
  }

  /**
   * For the task that calls, on the machine it runs on.
   *
   * @throws IllegalArgumentException if there is no such device
   */
  public static Placement here(DeviceChoice device, PrecisionChoice precision) {
    EngineThreads.limit();
    TaskContext task = TaskContext.get();
    ResourceInformation gpu = task == null ? null : task.resourcesJMap().get("gpu");
    List<String> addresses = gpu == null ? List.of() : Arrays.asList(gpu.addresses());
    return choose(device, precision, addresses, new ThisMachine());
  }

  /**
   * @param addresses GPUs that Spark gave to the task, as its discovery script names them
   */
  static Placement choose(
      DeviceChoice device, PrecisionChoice precision, List<String> addresses, Machine machine) {
    Device chosen = device(device, addresses, machine);
    return switch (precision) {
      case FLOAT32 -> new Placement(chosen, Precision.FLOAT32);
      case BFLOAT16 -> new Placement(chosen, Precision.BFLOAT16);
      case AUTO -> new Placement(chosen, fastest(chosen, machine));
    };
  }

  private static Device device(DeviceChoice choice, List<String> addresses, Machine machine) {
    if (choice == DeviceChoice.CPU) {
      return Device.cpu();
    }
    if (!addresses.isEmpty()) {
      return Device.gpu(index(addresses.get(0), machine.visibleDevices()));
    }
    if (machine.gpus() > 0) {
      return Device.gpu(0);
    }
    if (choice == DeviceChoice.GPU) {
      throw new IllegalArgumentException(
          "Cannot use device=gpu: Spark gave this task no gpu resource and the engine sees none");
    }
    return Device.cpu();
  }

  /** CUDA counts visible GPUs only; Spark's addresses count all GPUs of the machine. */
  private static int index(String address, String visible) {
    if (visible != null && !visible.isBlank()) {
      int place = Arrays.asList(visible.trim().split("\\s*,\\s*")).indexOf(address);
      if (place >= 0) {
        return place;
      }
    }
    try {
      return Integer.parseInt(address);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Cannot use the gpu '"
              + address
              + "' that Spark gave: its discovery script must print numbers, or the names in"
              + " CUDA_VISIBLE_DEVICES",
          e);
    }
  }

  private static Precision fastest(Device device, Machine machine) {
    boolean fast =
        device.isGpu()
            ? machine.computeCapability(device.getDeviceId()) >= 80
            : machine.cpuFlags().contains("amx_bf16") || machine.cpuFlags().contains("avx512_bf16");
    return fast ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  @Override
  public String toString() {
    return device + " in " + precision.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static final class ThisMachine implements Machine {
    /** Counted once a JVM: where there is no driver, each count logs a warning. */
    private static final class Gpus {
      private static final int COUNT = Engine.getInstance().getGpuCount();
    }

    @Override
    public int gpus() {
      return Gpus.COUNT;
    }

    @Override
    public int computeCapability(int gpu) {
      return Integer.parseInt(CudaUtils.getComputeCapability(gpu));
    }

    @Override
    public List<String> cpuFlags() {
      try {
        return Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8).stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> Arrays.asList(line.split("\\s+")))
            .orElse(List.of());
      } catch (IOException e) {
        return List.of(); // not Linux: float32 is right everywhere
      }
    }

    @Override
    public String visibleDevices() {
      return System.getenv("CUDA_VISIBLE_DEVICES");
    }
  }
}
