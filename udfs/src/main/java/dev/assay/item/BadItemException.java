package dev.assay.item;

/** An item that cannot be used. Its row goes to quarantine, and the job continues. */
public final class BadItemException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String reason;

  /**
   * @param reason a short stable name such as {@code missing_image}, which summaries count
   * @param detail one line for a person
   */
  public BadItemException(String reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }

  public String detail() {
    return getMessage();
  }
}
