package dev.assay.job.train.step;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.item.BadItemException;
import dev.assay.job.Progress;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.SparkException;

/**
 * Repeats a step that Spark gave up because executors were lost. Spark runs a lost task again on
 * another executor, a few times. Where many executors are lost within one step (with a node, or on
 * a spot market), it fails the Spark job. Nothing of that step has been kept by then, so repeating
 * it gives the same result.
 */
public final class LostExecutors {
  /** How often in a row. */
  public static final int MOST = 3;

  /** Spark's words for a block of an RDD that was cut off from what it was computed from. */
  private static final String LOST_BLOCK = "Checkpoint block";

  private final Progress progress;

  /**
   * @param progress says that a step is repeated
   */
  public LostExecutors(Progress progress) {
    this.progress = progress;
  }

  /**
   * Does the work of a step, and repeats it up to three times.
   *
   * @param step as users count, from 1
   * @throws JobFailedException in one line, if executors are still lost then, or if an item cannot
   *     be used
   * @throws LostParameters if what was lost cannot be computed again from what is left
   */
  public <T> T survive(long step, Supplier<T> work) {
    for (int lost = 0; ; lost++) {
      try {
        return work.get();
      } catch (Exception e) { // SparkException is checked, and Scala does not say so
        if (!isLoss(e) || lost == MOST) {
          throw failure(step, e);
        }
        progress.say(
            String.format(
                Locale.ROOT, "step %,d is repeated, executors were lost: %s", step, reason(e)));
      }
    }
  }

  /** Whether Spark lost executors. Where a task failed instead, there is the task's exception. */
  private static boolean isLoss(Exception e) {
    return e instanceof SparkException
        && e.getCause() == null
        && (e.getMessage().contains("ExecutorLostFailure")
            || e.getMessage().contains("FetchFailed"));
  }

  private static RuntimeException failure(long step, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && cause.getMessage().contains(LOST_BLOCK)) {
        return new LostParameters(step, failure);
      }
      if (cause instanceof JobFailedException
          || cause instanceof SettingsException
          || cause instanceof CheckpointException) {
        return (RuntimeException) cause;
      }
      if (cause instanceof BadItemException bad) {
        return new JobFailedException(
            "Cannot do step " + step + ": " + bad.reason() + ": " + bad.detail(), bad);
      }
    }
    return new JobFailedException("Cannot do step " + step + ": " + reason(failure), failure);
  }

  private static String reason(Throwable failure) {
    Throwable first = failure;
    while (first.getCause() != null && first.getCause() != first) {
      first = first.getCause();
    }
    String message = first.getMessage() == null ? "" : first.getMessage();
    String line = message.lines().findFirst().orElse("");
    return first instanceof SparkException ? line : first.getClass().getSimpleName() + ": " + line;
  }
}
