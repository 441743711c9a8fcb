package dev.assay.job.evaluate.figures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * One figure of a system.
 *
 * @param dataset its name, or the name of a mean over datasets
 * @param datasets how many datasets it covers
 * @param queries how many queries it covers, over all datasets
 * @param estimate its value and resamples
 * @param difference from the first system's, or null for the first system itself
 */
public record Figure(
    EvaluatedSystem system,
    String dataset,
    int datasets,
    Direction direction,
    Metric metric,
    long queries,
    Estimate estimate,
    Estimate difference) {

  /** What is measured, without the system. */
  record Measure(String dataset, int datasets, Direction direction, Metric metric, long queries) {}

  /** A row of table {@code evaluation}. */
  public Row row() {
    return RowFactory.create(
        system.label(),
        dataset,
        datasets,
        direction.label(),
        metric.label(),
        queries,
        estimate.value(),
        estimate.low(),
        estimate.high(),
        difference == null ? null : difference.value(),
        difference == null ? null : difference.low(),
        difference == null ? null : difference.high());
  }

  Measure measure() {
    return new Measure(dataset, datasets, direction, metric, queries);
  }

  /**
   * All figures: for each direction first the datasets and then the means over them, and for each
   * metric all systems.
   *
   * @param outcomes of each system, for the same queries; the first is the one that the others are
   *     compared with
   */
  public static List<Figure> of(
      Map<EvaluatedSystem, List<Outcomes>> outcomes, Bootstrap bootstrap) {
    Map<Measure, Map<EvaluatedSystem, Estimate>> measures = new LinkedHashMap<>();
    for (Direction direction : Direction.values()) {
      Map<Measure, Map<EvaluatedSystem, Estimate>> own = new LinkedHashMap<>();
      outcomes.forEach(
          (system, all) ->
              all.stream()
                  .filter(o -> o.direction() == direction)
                  .forEach(o -> add(own, system, o, bootstrap)));
      measures.putAll(own);
      means(direction, own).forEach(measures::put);
    }
    List<Figure> figures = new ArrayList<>();
    measures.forEach((measure, estimates) -> figures.addAll(of(measure, estimates)));
    return figures;
  }

  private static void add(
      Map<Measure, Map<EvaluatedSystem, Estimate>> measures,
      EvaluatedSystem system,
      Outcomes of,
      Bootstrap bootstrap) {
    Estimate[] estimates = bootstrap.means(of.key(), of.values());
    for (int i = 0; i < estimates.length; i++) {
      Metric metric = of.direction().metrics().get(i);
      Measure measure = new Measure(of.dataset(), 1, of.direction(), metric, of.queries());
      measures.computeIfAbsent(measure, m -> new TreeMap<>()).put(system, estimates[i]);
    }
  }

  private static Map<Measure, Map<EvaluatedSystem, Estimate>> means(
      Direction direction, Map<Measure, Map<EvaluatedSystem, Estimate>> measures) {
    Map<Measure, Map<EvaluatedSystem, Estimate>> means = new LinkedHashMap<>();
    Set<String> datasets =
        measures.keySet().stream()
            .map(Measure::dataset)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<DatasetGroups.Group> groups =
        direction == Direction.CHOICES ? DatasetGroups.of(datasets) : DatasetGroups.all(datasets);
    for (DatasetGroups.Group group : groups) {
      for (Metric metric : direction.metrics()) {
        List<Measure> members =
            measures.keySet().stream()
                .filter(m -> m.metric() == metric && group.datasets().contains(m.dataset()))
                .toList();
        long queries = members.stream().mapToLong(Measure::queries).sum();
        Map<EvaluatedSystem, Estimate> of = new TreeMap<>();
        for (EvaluatedSystem system : measures.get(members.get(0)).keySet()) {
          of.put(
              system,
              Estimate.mean(members.stream().map(m -> measures.get(m).get(system)).toList()));
        }
        means.put(
            new Measure(group.label(), group.datasets().size(), direction, metric, queries), of);
      }
    }
    return means;
  }

  private static List<Figure> of(Measure measure, Map<EvaluatedSystem, Estimate> estimates) {
    List<Figure> figures = new ArrayList<>();
    Estimate first = null;
    for (Map.Entry<EvaluatedSystem, Estimate> entry : estimates.entrySet()) {
      Estimate difference = first == null ? null : entry.getValue().minus(first);
      first = first == null ? entry.getValue() : first;
      figures.add(
          new Figure(
              entry.getKey(),
              measure.dataset(),
              measure.datasets(),
              measure.direction(),
              measure.metric(),
              measure.queries(),
              entry.getValue(),
              difference));
    }
    return figures;
  }
}
