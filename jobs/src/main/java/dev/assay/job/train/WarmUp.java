package dev.assay.job.train;

import dev.assay.job.failure.SettingsException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For how many steps the learning rate rises.
 *
 * @param amount steps, or per cent of all steps
 * @param share whether it is per cent
 */
public record WarmUp(double amount, boolean share) {
  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)(%?)");

  /**
   * Reads {@code 200} (steps) or {@code 3%} (of all steps).
   *
   * @throws SettingsException if it is neither
   */
  public static WarmUp parse(String key, String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new SettingsException(
          key + " is '" + text + "'; it must be a number of steps, or a share of them such as 3%");
    }
    double amount = Double.parseDouble(form.group(1));
    boolean share = !form.group(2).isEmpty();
    if (share ? amount > 100 : amount != Math.rint(amount)) {
      throw new SettingsException(
          key + " is '" + text + "'; it must be a whole number of steps, or at most 100%");
    }
    return new WarmUp(amount, share);
  }

  /** The number of steps; a share is rounded up, as in transformers. */
  long steps(long all) {
    return share ? (long) Math.ceil(amount / 100 * all) : (long) amount;
  }

  @Override
  public String toString() {
    return amount + (share ? "%" : "");
  }
}
