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
 * Does a step again when Spark gave it up because executors were lost. Spark itself runs a lost
 * task again on another executor, some times; but where many go within one step (a node, a spot
 * market), it ends the job. Nothing of the step has been kept by then, and it gives the same when
 * it is done again.
 */
public final class LostExecutors {
  private static final int MOST = 3;

  private final Progress progress;

  /**
   * @param progress is told
   */
  public LostExecutors(Progress progress) {
    this.progress = progress;
  }

  /**
   * Does the work of a step, at most three times more.
   *
   * @param step as users count, from 1
   * @throws JobFailedException in one line, where executors go on being lost, or an item cannot be
   *     used
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
                Locale.ROOT, "step %,d is done again, executors were lost: %s", step, reason(e)));
      }
    }
  }

  /** Lost by Spark, not failed by what ran in it: then there is no exception of a task. */
  private static boolean isLoss(Exception e) {
    return e instanceof SparkException
        && e.getCause() == null
        && (e.getMessage().contains("ExecutorLostFailure")
            || e.getMessage().contains("FetchFailed"));
  }

  private static RuntimeException failure(long step, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
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
