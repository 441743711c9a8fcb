package dev.assay.udf.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.udf.TestSpark;
import dev.assay.udf.compute.Compute;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;

class ModelSettingsTest {
  @Test
  void tasksDoNotCarryTheSettingsOfFileSystems() throws Exception {
    Configuration hadoop = new Configuration(false);
    for (int i = 0; i < 2000; i++) {
      hadoop.set("a.setting.of.a.file.system." + i, "with a value");
    }
    ModelSettings settings =
        new ModelSettings(
            "model",
            "",
            Compute.auto(8, 1024),
            JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext())
                .broadcast(new SerializableConfiguration(hadoop)));

    byte[] carried = bytes(settings);

    assertTrue(carried.length < 5000, () -> carried.length + " bytes");
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(carried))) {
      ModelSettings read = (ModelSettings) in.readObject();
      assertEquals("with a value", read.configuration().get("a.setting.of.a.file.system.7"));
    }
  }

  private static byte[] bytes(ModelSettings settings) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(settings);
    }
    return bytes.toByteArray();
  }
}
