package dev.assay.udf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.model.Precision;
import dev.assay.udf.compute.ModelCache;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class ModelIdentityTest {
  private final SparkSession spark = TestSpark.session();

  @Test
  void aJudgeIsKnownBeforeItIsLoaded() {
    Judge judge = set(new Judge()).setPrecision("float32").setOrder("auto");
    int loaded = ModelCache.EXECUTOR.size();

    ModelIdentity identity = judge.identify(spark);

    assertEquals(loaded, ModelCache.EXECUTOR.size());
    assertEquals(Precision.FLOAT32, identity.precision());
    assertEquals(judge.check(spark), identity.fingerprints());
  }

  @Test
  void anEmbedderIsKnownBeforeItIsLoaded() {
    Embedder embedder = set(new Embedder()).setPrecision("float32");

    assertEquals(embedder.check(spark), embedder.identify(spark).fingerprints());
  }

  @Test
  void anAdapterIsKnownBeforeItIsLoadedAndIsAnotherModelThanItsBase() {
    Embedder base = set(new Embedder()).setPrecision("float32");
    Embedder adapted =
        set(new Embedder())
            .setPrecision("float32")
            .setModelUrl(Fixtures.path("qwen2-vl-peft").toString());

    assertEquals(adapted.check(spark), adapted.identify(spark).fingerprints());
    assertNotEquals(base.identify(spark), adapted.identify(spark));
  }

  @Test
  void automaticPrecisionIsSettled() {
    Judge judge = set(new Judge());
    ModelIdentity automatic = judge.identify(spark);

    assertNotNull(automatic.precision());
    assertEquals(automatic, judge.setPrecision(automatic.precision()).identify(spark));
  }

  @Test
  void anotherOrderInstructionOrPrecisionIsAnotherJudge() {
    List<String> paper = set(new Judge()).setPrecision("float32").identify(spark).fingerprints();

    assertNotEquals(paper.get(0), paper.get(1));
    assertNotEquals(
        paper,
        set(new Judge())
            .setPrecision("float32")
            .setInstruction("?")
            .identify(spark)
            .fingerprints());
    assertNotEquals(
        paper, set(new Judge()).setPrecision("bfloat16").identify(spark).fingerprints());
  }

  @Test
  void namesWhatIsWrongWithoutLoading() {
    Judge gone = new Judge().setModelUrl("/nowhere").setDevice("cpu");

    assertThrows(CheckpointException.class, () -> gone.identify(spark));
  }

  private static <T extends ModelTransformer<T>> T set(T model) {
    return model.setModelUrl(Fixtures.path("qwen2-vl").toString()).setDevice("cpu");
  }
}
