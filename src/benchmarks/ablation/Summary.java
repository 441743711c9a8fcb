import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Prints R@1 on held-out Scenes of every variant, mean and standard deviation over its seeds. */
final class Summary {
  private static final List<String> TASKS = List.of("scenes-t2i", "scenes-i2t", "scenes-change");
  private static final Pattern FOLDER = Pattern.compile("(.+)-seed\\d+");

  public static void main(String[] arguments) throws IOException {
    // variant → task → R@1 of each seed
    Map<String, Map<String, List<Double>>> found = new TreeMap<>();
    try (Stream<Path> folders = Files.list(Path.of(arguments[0]))) {
      for (Path folder : folders.sorted().toList()) {
        Matcher name = FOLDER.matcher(folder.getFileName().toString());
        Path file = folder.resolve("evaluation.jsonl");
        if (name.matches() && Files.exists(file)) {
          for (String row : Files.readAllLines(file)) {
            add(found, name.group(1), row);
          }
        }
      }
    }
    System.out.println("| variant | " + String.join(" | ", TASKS) + " | seeds |");
    System.out.println("|---|" + "---|".repeat(TASKS.size() + 1));
    found.forEach(
        (variant, tasks) -> {
          StringBuilder line = new StringBuilder("| " + variant + " |");
          int seeds = 0;
          for (String task : TASKS) {
            List<Double> values = tasks.getOrDefault(task, List.of());
            seeds = values.size();
            line.append(' ').append(meanAndDeviation(values)).append(" |");
          }
          System.out.println(line + " " + seeds + " |");
        });
  }

  private static void add(Map<String, Map<String, List<Double>>> found, String variant, String row) {
    if (text(row, "metric").equals("R@1") && text(row, "direction").equals("query_to_candidate")) {
      found
          .computeIfAbsent(variant, v -> new TreeMap<>())
          .computeIfAbsent(text(row, "dataset"), d -> new ArrayList<>())
          .add(100 * Double.parseDouble(text(row, "value")));
    }
  }

  /** A field of a flat row of JSON. */
  private static String text(String row, String field) {
    Matcher found = Pattern.compile("\"" + field + "\":\"?([^,\"}]*)").matcher(row);
    return found.find() ? found.group(1) : "";
  }

  private static String meanAndDeviation(List<Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double deviation = values.size() > 1 ? Math.sqrt(squares / (values.size() - 1)) : 0;
    return String.format(Locale.ROOT, "%.1f ± %.1f", mean, deviation);
  }
}
