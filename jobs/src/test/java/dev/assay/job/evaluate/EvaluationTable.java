package dev.assay.job.evaluate;

import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** Reads the table {@code evaluation} of a workspace. */
final class EvaluationTable {
  private EvaluationTable() {}

  /** A system's rows without the difference from the first system. */
  static List<String> intervals(Workspace workspace, String system) {
    return workspace.read(Tables.EVALUATION).collectAsList().stream()
        .filter(row -> row.getAs("system").equals(system))
        .map(row -> row.toSeq().take(9).mkString(" "))
        .sorted()
        .toList();
  }

  static List<String> rows(Workspace workspace, String system) {
    return workspace.read(Tables.EVALUATION).collectAsList().stream()
        .filter(row -> row.getAs("system").equals(system))
        .map(Row::toString)
        .sorted()
        .toList();
  }

  /** A system's figures of datasets, by {@code direction/dataset/metric}. */
  static Map<String, Double> figures(Workspace workspace, EvaluatedSystem system) {
    Map<String, Double> figures = new TreeMap<>();
    for (Row row : workspace.read(Tables.EVALUATION).collectAsList()) {
      if (row.getAs("system").equals(system.label())
          && !row.<String>getAs("dataset").startsWith("mean of")) {
        String key = row.getAs("direction") + "/" + row.getAs("dataset");
        figures.put(key + "/" + row.getAs("metric"), row.getAs("value"));
      }
    }
    return figures;
  }

  static double value(
      Workspace workspace, String system, String dataset, String direction, String metric) {
    return workspace.read(Tables.EVALUATION).collectAsList().stream()
        .filter(
            row ->
                row.getAs("system").equals(system)
                    && row.getAs("dataset").equals(dataset)
                    && row.getAs("direction").equals(direction)
                    && row.getAs("metric").equals(metric))
        .findFirst()
        .orElseThrow()
        .getAs("value");
  }
}
