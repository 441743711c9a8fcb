package dev.assay.udf.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of one worker, whose discovery script claims two GPUs that are not there. Local mode
 * knows no resources, and one JVM has one Spark context, so the cluster gets a JVM of its own.
 */
class GpuGrantTest {
  @TempDir Path folder;

  @Test
  void aTaskRunsOnTheGpuThatTheDiscoveryScriptNamed() throws Exception {
    Path script = folder.resolve("discover");
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"5\", \"7\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(folder.resolve("home/jars"));
    Path output = folder.resolve("output");

    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Cluster.class.getName(), script.toString(), output.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", folder.resolve("home").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13"); // else it looks for a build of Spark
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    builder.directory(folder.toFile());
    Path log = folder.resolve("log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertTrue(process.waitFor(8, TimeUnit.MINUTES), () -> tail(log));
      assertEquals(0, process.exitValue(), () -> tail(log));
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }

    assertEquals(List.of("auto gpu(5)", "gpu gpu(5)", "cpu cpu()"), Files.readAllLines(output));
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The other JVM. */
  static final class Cluster {
    public static void main(String[] args) throws IOException {
      SparkSession spark =
          SparkSession.builder()
              .master("local-cluster[1,1,1024]")
              .config("spark.ui.enabled", false)
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.executor.memory", "512m")
              .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
              .config("spark.worker.resource.gpu.amount", 2)
              .config("spark.worker.resource.gpu.discoveryScript", args[0])
              .config("spark.executor.resource.gpu.amount", 2)
              .config("spark.task.resource.gpu.amount", 2)
              .getOrCreate();
      List<String> chosen =
          spark
              .createDataset(List.of("auto", "gpu", "cpu"), Encoders.STRING())
              .coalesce(1)
              .map(
                  (MapFunction<String, String>)
                      device -> {
                        Compute compute =
                            Compute.auto(1, 1)
                                .withDevice(DeviceChoice.parse(device))
                                .withPrecision(PrecisionChoice.FLOAT32);
                        return device + " " + Placement.here(compute).device();
                      },
                  Encoders.STRING())
              .collectAsList();
      Files.write(Path.of(args[1]), chosen);
      spark.stop();
    }
  }
}
