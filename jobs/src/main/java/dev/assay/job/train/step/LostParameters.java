package dev.assay.job.train.step;

import java.util.Locale;

/** An executor was lost that had parameters or a part of their optimizer. */
public final class LostParameters extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LostParameters(long step, Throwable cause) {
    super(
        String.format(Locale.ROOT, "an executor with parameters was lost in step %,d", step),
        cause);
  }
}
