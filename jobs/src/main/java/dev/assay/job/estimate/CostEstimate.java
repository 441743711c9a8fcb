package dev.assay.job.estimate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a job would do and what it would cost, for people. Immutable.
 *
 * @param lines in the order in which they are printed
 * @param seconds how long its model would compute; NaN if that is not known
 */
public record CostEstimate(List<Line> lines, double seconds) {
  /** Nothing is known. */
  public static final CostEstimate UNKNOWN = new CostEstimate(List.of(), Double.NaN);

  /**
   * One figure, or a few that belong together.
   *
   * @param what such as {@code tokens}
   */
  public record Line(String what, String text) {}

  /** This with a line more. The arguments are those of {@link String#format}. */
  public CostEstimate with(String what, String format, Object... arguments) {
    List<Line> more = new ArrayList<>(lines);
    more.add(new Line(what, String.format(Locale.ROOT, format, arguments)));
    return new CostEstimate(List.copyOf(more), seconds);
  }

  /** This and then another one. Their times add up. */
  public CostEstimate and(CostEstimate other) {
    List<Line> both = new ArrayList<>(lines);
    both.addAll(other.lines);
    return new CostEstimate(List.copyOf(both), seconds + other.seconds);
  }

  /** This with the time of the model. */
  public CostEstimate taking(double modelSeconds) {
    return new CostEstimate(lines, modelSeconds);
  }

  /**
   * This with the time that so many rows take.
   *
   * @param unit what a row is, in the plural
   * @param rate rows a second
   * @param from where the rate comes from, such as {@code as given}
   */
  public CostEstimate at(double rate, long rows, String unit, String from) {
    String number =
        String.format(Locale.ROOT, rate < 1 ? "%.3f" : rate < 10_000 ? "%.1f" : "%,.0f", rate);
    return with("time", "%s at %s %s/s, %s", time(rows / rate), number, unit, from)
        .taking(rows / rate);
  }

  /** A number of bytes as people read it: {@code 4.4 GB}. */
  public static String bytes(double count) {
    String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    int unit = 0;
    double value = count;
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  /** A time as people read it: {@code 12.0 s}, {@code 3.5 min}, {@code 61.2 h}. */
  public static String time(double seconds) {
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%.1f min", seconds / 60)
        : String.format(Locale.ROOT, "%,.1f h", seconds / 3600);
  }
}
