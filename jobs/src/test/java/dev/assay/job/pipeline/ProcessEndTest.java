package dev.assay.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.spark.SparkUserAppException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessEndTest {
  private static final String DEPLOY_MODE = "spark.submit.deployMode";

  @AfterEach
  void forget() {
    System.clearProperty(DEPLOY_MODE);
  }

  @Test
  void theProcessIsSparksInClusterModeOnly() {
    assertFalse(ProcessEnd.isSparks());
    System.setProperty(DEPLOY_MODE, "client");
    assertFalse(ProcessEnd.isSparks());
    System.setProperty(DEPLOY_MODE, "cluster");
    assertTrue(ProcessEnd.isSparks());
  }

  @Test
  void returnsToSparkAfterSuccess() {
    System.setProperty(DEPLOY_MODE, "cluster");
    assertDoesNotThrow(() -> ProcessEnd.with(0));
  }

  @Test
  void givesSparkTheStatusOfAFailure() {
    System.setProperty(DEPLOY_MODE, "cluster");
    SparkUserAppException e = assertThrows(SparkUserAppException.class, () -> ProcessEnd.with(2));
    assertEquals(2, e.exitCode());
  }
}
