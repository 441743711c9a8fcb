package dev.assay.cli;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;

/**
 * What a run that failed says, and how it ends.
 *
 * @param status the exit status
 * @param line one plain line: what went wrong, and the way out where it is known
 * @param known false where only the stack trace tells more
 */
record Failure(int status, String line, boolean known) {
  /** A chain of causes may lead back to itself. */
  private static final int DEEPEST = 50;

  /** Explains an exception by the cause that Assay knows, or else by the last cause. */
  static Failure of(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; depth < DEEPEST; depth++) {
      if (cause instanceof SettingsException || cause instanceof CheckpointException) {
        return new Failure(Main.WRONG_USAGE, firstLine(cause), true);
      }
      if (cause instanceof JobFailedException) {
        return new Failure(Main.FAILED, firstLine(cause), true);
      }
      if (NativeLibraries.cannotLoad(cause)) {
        return new Failure(Main.WRONG_USAGE, NativeLibraries.explain(firstLine(cause)), true);
      }
      if (cause.getCause() == null) {
        break;
      }
      cause = cause.getCause();
    }
    String kind = cause.getClass().getSimpleName();
    return new Failure(Main.FAILED, kind + ": " + Secrets.hidden(firstLine(cause)), false);
  }

  private static String firstLine(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? "no message" : message.lines().findFirst().orElse("no message");
  }
}
