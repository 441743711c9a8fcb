package dev.assay.checkpoint;

/** A checkpoint that cannot be used. The message is one plain line naming the file or tensor. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
