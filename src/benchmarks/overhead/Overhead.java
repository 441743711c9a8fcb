import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Prints what Spark did in each job of Assay, from an uncompressed event log: Spark jobs, stages, tasks, and the time
 * that was not work. A task works if it counts on an accumulator of Assay's progress.
 */
final class Overhead {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** From launch to end, in ms. */
  private record Span(long from, long to) {}

  private record Task(int stage, boolean works, Span span, long cpu) {}

  /** A job of Assay: its Spark jobs, by call site, and its tasks. */
  private static final class Part {
    private final Map<String, int[]> sites = new TreeMap<>(); // Spark jobs and tasks
    private final List<Task> tasks = new ArrayList<>();
    private int sparkJobs;
    private long end;
  }

  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Map<Integer, String> stages = new HashMap<>();
  private final Map<Integer, String> sites = new HashMap<>();
  private final Map<Integer, String> sparkJobs = new HashMap<>();
  private final Map<String, String> queries = new HashMap<>(); // call sites by number of the query
  private long start;

  /** Arguments: a folder of one application's event log, and perhaps {@code sites} for all call sites. */
  public static void main(String[] arguments) throws IOException {
    Overhead overhead = new Overhead();
    try (Stream<Path> files = Files.walk(Path.of(arguments[0]))) {
      Comparator<Path> byNumber = Comparator.comparing(file -> file.getFileName().toString());
      for (Path file : files.filter(Files::isRegularFile).sorted(byNumber).toList()) {
        try (Stream<String> lines = Files.lines(file)) {
          lines.filter(line -> line.startsWith("{\"Event\"")).forEach(overhead::read);
        }
      }
    }
    overhead.print(arguments.length > 1);
  }

  private void read(String line) {
    JsonNode event;
    try {
      event = JSON.readTree(line);
    } catch (IOException e) {
      return; // the last line of a run that was killed
    }
    switch (event.get("Event").asText()) {
      case "SparkListenerApplicationStart" -> start = event.get("Timestamp").asLong();
      case "org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart" ->
          queries.put(event.get("executionId").asText(), site(event.path("details").asText()));
      case "SparkListenerJobStart" -> started(event);
      case "SparkListenerJobEnd" -> {
        Part part = parts.get(sparkJobs.get(event.get("Job ID").asInt()));
        part.end = Math.max(part.end, event.get("Completion Time").asLong());
      }
      case "SparkListenerTaskEnd" -> ended(event);
      default -> {}
    }
  }

  private void started(JsonNode event) {
    JsonNode properties = event.path("Properties");
    String group = properties.path("spark.job.description").asText("none").replace("assay ", "");
    JsonNode stagesInfo = event.path("Stage Infos");
    String site =
        queries.getOrDefault(
            properties.path("spark.sql.execution.id").asText(),
            stagesInfo.path(stagesInfo.size() - 1).path("Stage Name").asText("?"));
    Part part = parts.computeIfAbsent(group, g -> new Part());
    part.sparkJobs++;
    part.sites.computeIfAbsent(site, s -> new int[2])[0]++;
    sparkJobs.put(event.get("Job ID").asInt(), group);
    for (JsonNode stage : event.get("Stage IDs")) {
      stages.putIfAbsent(stage.asInt(), group);
      sites.putIfAbsent(stage.asInt(), site);
    }
  }

  /** The place in a job that asked for a query: the first one that is not the workspace's own. */
  private static String site(String stack) {
    return stack
        .lines()
        .filter(line -> line.startsWith("dev.assay."))
        .filter(line -> !line.contains(".workspace.") && !line.contains(".JobContext."))
        .map(line -> line.replaceAll(".*\\((.*)\\)", "$1"))
        .findFirst()
        .orElse("?");
  }

  private void ended(JsonNode event) {
    int stage = event.get("Stage ID").asInt();
    JsonNode info = event.get("Task Info");
    boolean works = false;
    for (JsonNode counted : info.path("Accumulables")) {
      works |= counted.path("Name").asText("").startsWith("assay ");
    }
    Span span = new Span(info.get("Launch Time").asLong(), info.get("Finish Time").asLong());
    long cpu = event.path("Task Metrics").path("Executor CPU Time").asLong() / 1_000_000;
    Part part = parts.get(stages.get(stage));
    part.tasks.add(new Task(stage, works, span, cpu));
    part.sites.get(sites.get(stage))[1]++;
  }

  private void print(boolean allSites) {
    String row = "%-16s %6s %6s %6s %9s %9s %9s %9s %9s%n";
    System.out.printf(row, "job", "jobs", "stages", "tasks", "seconds", "work", "other", "no task", "task cpu");
    long from = start;
    for (Map.Entry<String, Part> entry : parts.entrySet()) {
      Part part = entry.getValue();
      long all = part.end - from;
      long working = covered(part.tasks.stream().filter(Task::works).map(Task::span).toList());
      long busy = covered(part.tasks.stream().map(Task::span).toList());
      long cpu = part.tasks.stream().mapToLong(Task::cpu).sum();
      System.out.printf(
          row,
          entry.getKey(),
          part.sparkJobs,
          part.tasks.stream().map(Task::stage).distinct().count(),
          part.tasks.size(),
          seconds(all),
          seconds(working),
          seconds(busy - working),
          seconds(all - busy),
          seconds(cpu));
      if (allSites) {
        part.sites.forEach((site, n) -> System.out.printf("    %-60s %6d %6d%n", site, n[0], n[1]));
      }
      from = part.end;
    }
  }

  /** The time in which at least one of the spans lies. */
  private static long covered(List<Span> spans) {
    List<Span> ordered = new ArrayList<>(spans);
    Collections.sort(ordered, Comparator.comparingLong(Span::from));
    long sum = 0;
    long until = Long.MIN_VALUE;
    for (Span span : ordered) {
      sum += Math.max(0, span.to() - Math.max(until, span.from()));
      until = Math.max(until, span.to());
    }
    return sum;
  }

  private static String seconds(long ms) {
    return String.format(Locale.ROOT, "%.1f", ms / 1000.0);
  }
}
