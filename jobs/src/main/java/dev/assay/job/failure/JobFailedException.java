package dev.assay.job.failure;

/**
 * A job that had to stop although it was used rightly, such as one whose input is mostly unusable.
 * The message is one plain line. Ends the program with status 1; nothing was committed.
 */
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobFailedException(String message) {
    super(message);
  }

  public JobFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
