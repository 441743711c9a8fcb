package dev.assay.job.train.run;

import ai.djl.Device;
import dev.assay.model.Precision;
import dev.assay.udf.compute.Placement;

/** This machine's CPU. */
final class TestPlacement {
  static final Placement CPU = new Placement(Device.cpu(), Precision.FLOAT32);

  private TestPlacement() {}
}
