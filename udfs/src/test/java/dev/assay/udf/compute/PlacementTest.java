package dev.assay.udf.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import dev.assay.model.Precision;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class PlacementTest {
  /** A machine as a test says it is. */
  private record Fake(int gpus, int computeCapability, List<String> cpuFlags, String visibleDevices)
      implements Placement.Machine {
    @Override
    public int computeCapability(int gpu) {
      return computeCapability;
    }
  }

  private static final Fake PLAIN = new Fake(0, 0, List.of("avx2"), null);
  private static final Fake AMX = new Fake(0, 0, List.of("avx2", "amx_bf16"), null);
  private static final Fake GPUS = new Fake(4, 90, List.of("avx2"), null);

  @Test
  void aTaskRunsOnTheGpuThatSparkGaveIt() {
    assertEquals(Device.gpu(3), device("auto", List.of("3"), GPUS));
    assertEquals(Device.gpu(2), device("gpu", List.of("2", "3"), GPUS));
    assertEquals(Device.cpu(), device("cpu", List.of("3"), GPUS));
  }

  @Test
  void withoutAGrantAutoTakesTheFirstGpuAndElseTheCpu() {
    assertEquals(Device.gpu(0), device("auto", List.of(), GPUS));
    assertEquals(Device.cpu(), device("auto", List.of(), PLAIN));
  }

  @Test
  void anAddressIsCountedAmongTheVisibleDevices() {
    Fake hidden = new Fake(2, 90, List.of(), "1,3");
    assertEquals(Device.gpu(1), device("auto", List.of("3"), hidden));
    Fake named = new Fake(2, 90, List.of(), "GPU-aa, GPU-bb");
    assertEquals(Device.gpu(1), device("auto", List.of("GPU-bb"), named));
  }

  @Test
  void saysInOneLineWhyThereIsNoGpu() {
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> device("gpu", List.of(), PLAIN));
    assertEquals(
        "Cannot use device=gpu: Spark gave this task no gpu resource and the engine sees none",
        none.getMessage());
    assertThrows(IllegalArgumentException.class, () -> device("auto", List.of("GPU-cc"), GPUS));
  }

  @Test
  void autoPrecisionIsBfloat16WhereThatIsFast() {
    assertEquals(Precision.FLOAT32, precision("auto", PLAIN));
    assertEquals(Precision.BFLOAT16, precision("auto", AMX));
    assertEquals(
        Precision.BFLOAT16, precision("auto", new Fake(0, 0, List.of("avx512_bf16"), null)));
    assertEquals(Precision.BFLOAT16, precision("auto", GPUS));
    assertEquals(Precision.FLOAT32, precision("auto", new Fake(1, 75, List.of("amx_bf16"), null)));
    assertEquals(Precision.FLOAT32, precision("float32", AMX));
    assertEquals(Precision.BFLOAT16, precision("bfloat16", PLAIN));
  }

  @Test
  void threadsAreSharedAmongTheTasksOfAnExecutor() {
    assertEquals(2, slots("local[2]", null, 1));
    assertEquals(8, slots("local[*]", null, 1));
    assertEquals(1, slots("local", null, 1));
    assertEquals(4, slots("local[4,2]", null, 1));
    assertEquals(4, slots("spark://host:7077", "8", 2));
    assertEquals(8, slots("yarn", null, 1));
    assertEquals(1, slots("k8s://host", "4", 4));
  }

  @Test
  void anExecutorTakesNoMoreThreadsThanItsCores() {
    assertEquals(1, threads("spark://host:7077", "1", 1));
    assertEquals(2, threads("spark://host:7077", "4", 2));
    assertEquals(1, threads("spark://host:7077", null, 1));
    assertEquals(2, threads("yarn", "16", 4));
    assertEquals(4, threads("local[2]", null, 1));
    assertEquals(8, threads("local", null, 1));
  }

  private static int threads(String master, String executorCores, int taskCpus) {
    return EngineThreads.taskThreads(conf(master, executorCores), 8, taskCpus);
  }

  private static int slots(String master, String executorCores, int taskCpus) {
    return EngineThreads.taskSlots(conf(master, executorCores), 8, taskCpus);
  }

  private static SparkConf conf(String master, String executorCores) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    if (executorCores != null) {
      conf.set("spark.executor.cores", executorCores);
    }
    return conf;
  }

  private static Device device(String setting, List<String> addresses, Fake machine) {
    return Placement.choose(
            DeviceChoice.parse(setting), PrecisionChoice.FLOAT32, addresses, machine)
        .device();
  }

  private static Precision precision(String setting, Fake machine) {
    return Placement.choose(DeviceChoice.AUTO, PrecisionChoice.parse(setting), List.of(), machine)
        .precision();
  }
}
