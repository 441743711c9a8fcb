package dev.assay.udf.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.Fixtures;
import dev.assay.embed.ItemEmbedder;
import dev.assay.session.Limits;
import dev.assay.udf.TestSpark;
import dev.assay.udf.compute.Compute;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.ModelCache;
import dev.assay.udf.compute.PrecisionChoice;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;

class OpenModelTest {
  private final ModelSettings settings =
      new ModelSettings(
          Fixtures.path("qwen2-vl").toString(),
          "",
          Compute.auto(8, 1024).withDevice(DeviceChoice.CPU).withPrecision(PrecisionChoice.FLOAT32),
          JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext())
              .broadcast(new SerializableConfiguration(new Configuration(false))));

  @Test
  void aModelThatCannotBeOpenedDoesNotKeepItsCheckpointInUse() {
    ModelCache.EXECUTOR.closeUnused();
    assertThrows(
        IllegalStateException.class,
        () ->
            OpenModel.over(
                settings,
                checkpoint -> {
                  throw new IllegalStateException("no room");
                }));
    assertEquals(1, ModelCache.EXECUTOR.size());
    ModelCache.EXECUTOR.closeUnused();
    assertEquals(0, ModelCache.EXECUTOR.size(), "given back, so it could be closed");
  }

  @Test
  void aCheckpointStaysLoadedForTheNextTask() {
    ModelCache.EXECUTOR.closeUnused();
    for (int task = 0; task < 2; task++) {
      try (OpenModel<ItemEmbedder> open =
          OpenModel.over(settings, checkpoint -> new ItemEmbedder(checkpoint, Limits.defaults()))) {
        ModelCache.EXECUTOR.closeUnused();
        assertEquals(1, ModelCache.EXECUTOR.size(), "in use");
        assertEquals(64, open.model().dimensions());
      }
      assertEquals(1, ModelCache.EXECUTOR.size(), "kept");
    }
  }
}
