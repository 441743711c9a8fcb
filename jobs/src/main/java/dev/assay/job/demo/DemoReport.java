package dev.assay.job.demo;

import dev.assay.job.TextTable;
import dev.assay.scenes.dataset.Task;
import dev.assay.scenes.world.Attribute;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The report of the demo, in plain text. */
final class DemoReport {
  private static final String JUDGE = "mined with the judge";

  private final DemoTables tables;

  DemoReport(DemoTables tables) {
    this.tables = tables;
  }

  String judge() {
    TextTable quality =
        new TextTable("task", "pairs", "truly met", "AUC", "AUC, one attribute off", "cal. error");
    JudgeQuality all = JudgeQuality.of(judged(""));
    quality.row(judgeRow("all", "", all));
    for (Task task : Task.values()) {
      quality.row(judgeRow(task.dataset(), task.label(), JudgeQuality.of(judged(task.label()))));
    }
    TextTable calibration = new TextTable("judge's score", "pairs", "truly met");
    for (JudgeQuality.Bin bin : all.bins()) {
      calibration.row(decimals(bin.meanScore(), 2), count(bin.pairs()), percent(bin.share()));
    }
    return quality + "\n" + calibration;
  }

  private String[] judgeRow(String name, String task, JudgeQuality quality) {
    return new String[] {
      name,
      count(quality.pairs()),
      percent((double) quality.met() / quality.pairs()),
      decimals(quality.auc(), 3),
      decimals(JudgeQuality.of(almost(task)).auc(), 3),
      decimals(quality.calibrationError(), 3)
    };
  }

  /** The judged pairs of a task. */
  private List<Ranked> judged(String task) {
    List<Ranked> pairs = new ArrayList<>();
    tables.nearest().forEach((q, list) -> addJudged(q, task, list, pairs));
    tables.positive().forEach((q, one) -> addJudged(q, task, List.of(one), pairs));
    return pairs;
  }

  private static void addJudged(String query, String task, List<Ranked> from, List<Ranked> to) {
    if (query.startsWith(task)) {
      from.stream().filter(r -> r.margin() != null).forEach(to::add);
    }
  }

  /** The judged pairs of a task in which at most one attribute is wrong. */
  private List<Ranked> almost(String task) {
    List<Ranked> pairs = new ArrayList<>();
    tables
        .nearest()
        .forEach(
            (query, list) -> {
              List<Ranked> near =
                  list.stream()
                      .filter(r -> tables.scenes().missing(query, r.candidateId()).size() <= 1)
                      .toList();
              addJudged(query, task, near, pairs);
            });
    tables.positive().forEach((q, one) -> addJudged(q, task, List.of(one), pairs));
    return pairs;
  }

  String negatives() {
    TextTable quality =
        new TextTable(
            "negatives",
            "queries",
            "negatives",
            "truly met",
            "similarity",
            "one attribute off",
            "distinct");
    TextTable attributes = new TextTable(attributeHeader());
    lists()
        .forEach(
            (name, lists) -> {
              NegativesQuality is = NegativesQuality.of(lists, tables.scenes());
              quality.row(
                  name,
                  count(is.queries()),
                  count(is.negatives()),
                  percent(is.metShare()),
                  decimals(is.similarity(), 3),
                  percent(is.oneAttributeShare()),
                  count(is.distinct()));
              List<String> cells = new ArrayList<>(List.of(name));
              for (Attribute attribute : Attribute.values()) {
                cells.add(percent(is.share(attribute)));
              }
              attributes.row(cells.toArray(String[]::new));
            });
    return quality + "\n" + attributes;
  }

  private static String[] attributeHeader() {
    List<String> header = new ArrayList<>(List.of("wrong in"));
    for (Attribute attribute : Attribute.values()) {
      header.add(attribute.word());
    }
    return header.toArray(String[]::new);
  }

  /** The negatives of each query, by rule. */
  private Map<String, Map<String, List<Ranked>>> lists() {
    Map<String, Map<String, List<Ranked>>> lists = new LinkedHashMap<>();
    lists.put(JUDGE, tables.mined());
    Rule.all()
        .forEach(
            (name, rule) -> {
              Map<String, List<Ranked>> own = new TreeMap<>();
              tables
                  .nearest()
                  .forEach(
                      (query, nearest) -> {
                        Ranked positive = tables.positive().get(query);
                        if (positive != null) {
                          own.put(query, rule.choose(query, nearest, positive));
                        }
                      });
              lists.put(name, own);
            });
    return lists;
  }

  String examples(List<String> queries) {
    return queries.stream().map(this::example).collect(Collectors.joining("\n"));
  }

  private String example(String query) {
    StringBuilder text = new StringBuilder();
    text.append("  query     ").append(tables.scenes().queries().get(query).words()).append('\n');
    line(text, "positive", query, tables.positive().get(query));
    tables.mined().getOrDefault(query, List.of()).stream()
        .limit(ContactSheet.MINED)
        .forEach(r -> line(text, "negative", query, r));
    tables.falseNegatives().getOrDefault(query, List.of()).stream()
        .limit(ContactSheet.REJECTED)
        .forEach(r -> line(text, "rejected", query, r));
    return text.toString();
  }

  private void line(StringBuilder text, String role, String query, Ranked candidate) {
    String truth =
        candidate.met()
            ? "met"
            : "not: "
                + tables.scenes().missing(query, candidate.candidateId()).stream()
                    .map(Attribute::word)
                    .collect(Collectors.joining(", "));
    text.append(
        String.format(
            Locale.ROOT,
            "  %-8s  score %s  similarity %.3f  %s  (in truth %s)%n",
            role,
            candidate.score() == null ? "  -  " : decimals(candidate.score(), 3),
            candidate.similarity(),
            tables.scenes().candidates().get(candidate.candidateId()).words(),
            truth));
  }

  /**
   * One query of each task: the one with the most rejected candidates, up to as many as the sheet
   * shows.
   */
  List<String> chosen() {
    List<String> chosen = new ArrayList<>();
    for (Task task : Task.values()) {
      tables.mined().keySet().stream()
          .filter(query -> query.startsWith(task.label()))
          .max(
              Comparator.comparingInt(
                  q ->
                      Math.min(
                          ContactSheet.REJECTED,
                          tables.falseNegatives().getOrDefault(q, List.of()).size())))
          .ifPresent(chosen::add);
    }
    return chosen;
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String decimals(double value, int places) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + places + "f", value);
  }
}
