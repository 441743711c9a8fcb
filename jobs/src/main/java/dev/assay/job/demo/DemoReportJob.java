package dev.assay.job.demo;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.files.AtomicFile;
import dev.assay.job.workspace.Tables;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Compares the tables of the jobs with the truth of Scenes. It prints a report, and writes {@code
 * demo/report.txt} and {@code demo/contact-sheet.png} in the workspace.
 */
public final class DemoReportJob implements Job {
  private final DemoOptions options;
  private final PrintStream out;

  /**
   * @param out takes the report
   */
  public DemoReportJob(DemoOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public List<String> inputs() {
    return List.of(
        Tables.QUERY_EMBEDDINGS,
        Tables.CANDIDATE_EMBEDDINGS,
        Tables.POSITIVES,
        Tables.RETRIEVED,
        Tables.EXCLUDED,
        Tables.SCORED,
        Tables.DECISIONS,
        Tables.NEGATIVES);
  }

  @Override
  public List<String> outputs() {
    return List.of();
  }

  /** The report is always written again, so nothing compares it. */
  @Override
  public int version() {
    return 1;
  }

  @Override
  public JobResult run(JobContext context) {
    DemoTables tables = DemoTables.read(context, options.dataset());
    DemoReport report = new DemoReport(tables);
    List<String> chosen = report.chosen();
    String text = text(report, chosen, context);
    Configuration hadoop = context.spark().sparkContext().hadoopConfiguration();
    String workspace = context.workspace().location();
    Path folder = new Path(workspace, "demo");
    try {
      ContactSheet sheet =
          new ContactSheet(tables, chosen, new Path(DemoInput.folder(workspace), "images"), hadoop);
      AtomicFile.replace(new Path(folder, "contact-sheet.png"), hadoop, sheet::write);
      AtomicFile.replace(
          new Path(folder, "report.txt"),
          hadoop,
          file -> file.write(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to " + folder + ": " + e.getMessage(), e);
    }
    out.print(text);
    return new JobResult(
        new TreeMap<>(Map.of("queries", (long) tables.mined().size())),
        "report.txt and contact-sheet.png are in " + folder.toUri().getPath());
  }

  private static String text(DemoReport report, List<String> chosen, JobContext context) {
    return """

    What was done

    %s
    What the judge knows: its scores against the truth, on the judged pairs

    %s
    What that is worth: how many of each query's ten negatives truly meet it (and are wrong), and how
    hard the others are. All rules choose from the same ranking.

    %s
    Three queries: the positive, the first negatives, and candidates rejected as false negatives

    %s
    """
        .formatted(
            StageTable.of(context.workspace()),
            report.judge(),
            report.negatives(),
            report.examples(chosen));
  }
}
