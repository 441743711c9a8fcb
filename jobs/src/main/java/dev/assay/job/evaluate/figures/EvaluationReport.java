package dev.assay.job.evaluate.figures;

import dev.assay.job.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures of all systems side by side, in plain text: per cent, with 95 % intervals. */
public final class EvaluationReport {
  private EvaluationReport() {}

  /** One table for each direction. */
  public static String of(List<Figure> figures) {
    StringBuilder text = new StringBuilder();
    for (Direction direction : Direction.values()) {
      List<Figure> own = figures.stream().filter(f -> f.direction() == direction).toList();
      if (!own.isEmpty()) {
        text.append('\n').append(title(direction)).append("\n\n").append(table(own));
      }
    }
    return text.toString();
  }

  private static String title(Direction direction) {
    return switch (direction) {
      case QUERY_TO_CANDIDATE -> "From query to candidate";
      case CANDIDATE_TO_QUERY -> "From candidate to query";
      case CHOICES -> "Among the given candidates";
    };
  }

  private static TextTable table(List<Figure> figures) {
    Map<Figure.Measure, List<Figure>> rows =
        figures.stream()
            .collect(
                Collectors.groupingBy(Figure::measure, LinkedHashMap::new, Collectors.toList()));
    List<String> header = new ArrayList<>(List.of("dataset", "metric", "queries"));
    String first = figures.get(0).system().label();
    for (Figure figure : rows.values().iterator().next()) {
      header.add(figure.system().label());
      if (figure.difference() != null) {
        header.add("less " + first);
      }
    }
    TextTable table = new TextTable(header.toArray(String[]::new));
    rows.forEach((measure, systems) -> table.row(cells(measure, systems)));
    return table;
  }

  private static String[] cells(Figure.Measure measure, List<Figure> systems) {
    List<String> cells = new ArrayList<>();
    cells.add(measure.dataset());
    cells.add(measure.metric().label());
    cells.add(String.format(Locale.ROOT, "%,d", measure.queries()));
    for (Figure figure : systems) {
      cells.add(cell("%.1f [%.1f, %.1f]", figure.estimate()));
      if (figure.difference() != null) {
        cells.add(cell("%+.1f [%+.1f, %+.1f]", figure.difference()));
      }
    }
    return cells.toArray(String[]::new);
  }

  private static String cell(String format, Estimate estimate) {
    return String.format(
        Locale.ROOT, format, 100 * estimate.value(), 100 * estimate.low(), 100 * estimate.high());
  }
}
