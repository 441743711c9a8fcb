package dev.assay.job.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.job.failure.SettingsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarmUpTest {
  @Test
  void isANumberOfStepsOrAShareRoundedUp() {
    assertEquals(200, WarmUp.parse("w", "200").steps(1000));
    assertEquals(0, WarmUp.parse("w", "0").steps(1000));
    assertEquals(30, WarmUp.parse("w", "3%").steps(1000));
    assertEquals(1, WarmUp.parse("w", "0.5%").steps(10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "some", "-1", "2.5", "101%", "3 %x"})
  void anythingElseIsRefused(String text) {
    assertThrows(SettingsException.class, () -> WarmUp.parse("warm-up", text));
  }
}
