package dev.assay.job;

import java.util.Locale;

/** The text of one line of progress. */
final class ProgressLine {
  private ProgressLine() {}

  /**
   * Such as {@code judge 1,234/12,250 pairs 10% 17.3 pairs/s 10m 36s left}.
   *
   * @param before the number of units that were done when the work started
   * @param seconds since the work started
   */
  static String of(String job, String what, long before, long done, long total, double seconds) {
    double rate = (done - before) / Math.max(seconds, 1e-9);
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%s  %,d/%,d %s", job, done, total, what));
    line.append(String.format(Locale.ROOT, "  %d%%", total == 0 ? 100 : 100 * done / total));
    line.append(String.format(Locale.ROOT, "  %.1f %s/s", rate, what));
    if (done >= total) {
      line.append("  ").append(time(seconds)).append(" in all");
    } else if (done > before) {
      line.append("  ").append(time((total - done) / rate)).append(" left");
    }
    return line.toString();
  }

  private static String time(double seconds) {
    long s = Math.round(seconds);
    if (s >= 3600) {
      return s / 3600 + "h " + s % 3600 / 60 + "m";
    }
    return s >= 60 ? s / 60 + "m " + s % 60 + "s" : s + "s";
  }
}
