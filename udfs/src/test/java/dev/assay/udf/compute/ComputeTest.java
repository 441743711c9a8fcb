package dev.assay.udf.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.udf.Embedder;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ComputeTest {
  @Test
  void limitsAreAtLeastOne() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Compute.auto(0, 2048));
    assertEquals("batchSize is 0, but must be at least 1", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Compute.auto(1, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Compute(DeviceChoice.AUTO, PrecisionChoice.AUTO, 1, 1, 0));
  }

  @Test
  void choicesAreTheWordsOfTheSettings() {
    for (DeviceChoice choice : DeviceChoice.values()) {
      assertEquals(choice, DeviceChoice.parse(choice.word()));
    }
    for (PrecisionChoice choice : PrecisionChoice.values()) {
      assertEquals(choice, PrecisionChoice.parse(choice.word()));
    }
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> DeviceChoice.parse("tpu"));
    assertEquals("device is 'tpu', but must be one of: auto, cpu, gpu", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> PrecisionChoice.parse(null));
  }

  @Test
  void wordsDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr")); // its lower case of I has no dot
    try {
      assertEquals("without-i", EnumSetting.word(Turkish.WITHOUT_I));
    } finally {
      Locale.setDefault(before);
    }
  }

  private enum Turkish {
    WITHOUT_I
  }

  @Test
  void aTransformerTakesThemTogether() {
    Compute compute = new Compute(DeviceChoice.CPU, PrecisionChoice.BFLOAT16, 7, 900, 1_000_000);
    assertEquals(compute, new Embedder().setCompute(compute).compute());
  }
}
