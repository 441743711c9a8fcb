package dev.assay.job.failure;

/**
 * Wrong usage: a setting, an option or an input that cannot work. The message is one plain line
 * that names the thing, its value and the way out. Ends the program with status 2.
 */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingsException(String message) {
    super(message);
  }

  public SettingsException(String message, Throwable cause) {
    super(message, cause);
  }
}
