package dev.assay.cli;

import dev.assay.cli.settings.DemoSettings;
import dev.assay.cli.settings.IngestSettings;
import dev.assay.cli.settings.Settings;
import dev.assay.cli.settings.SparkSettings;
import dev.assay.job.Job;
import dev.assay.job.demo.DemoInput;
import dev.assay.job.pipeline.DryRun;
import dev.assay.job.pipeline.Pipeline;
import dev.assay.job.pipeline.ProcessEnd;
import dev.assay.job.pipeline.SparkStart;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** {@code assay JOB --workspace URI …} */
public final class Main {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  private Main() {}

  /** Runs a command line and ends the process, or returns to Spark where Spark owns the process. */
  public static void main(String[] arguments) throws Exception {
    int status = run(arguments, System.out, System.err);
    System.out.flush();
    System.err.flush();
    ProcessEnd.with(status);
  }

  /**
   * Runs one command line.
   *
   * @return the exit status
   */
  static int run(String[] words, PrintStream out, PrintStream err) {
    Arguments arguments = new Arguments();
    CommandLine commandLine = new CommandLine(arguments);
    try {
      commandLine.parseArgs(words);
      if (commandLine.isVersionHelpRequested()) {
        out.println("assay " + version());
      } else if (commandLine.isUsageHelpRequested()) {
        help(arguments, commandLine, out);
      } else {
        run(arguments, out, err);
      }
      return DONE;
    } catch (CommandLine.ParameterException e) {
      String line = e.getMessage().lines().findFirst().orElse("");
      err.println("assay: " + line + " (assay --help lists jobs and options)");
      return WRONG_USAGE;
    } catch (Exception | Error e) { // Scala throws checked exceptions without saying so
      Failure failure = Failure.of(e);
      if (failure.known()) {
        err.println("assay: " + failure.line());
      } else {
        StackTraceFile.report(e, failure.line(), !ProcessEnd.isSparks(), err);
      }
      return failure.status();
    }
  }

  private static void run(Arguments arguments, PrintStream out, PrintStream err) {
    JobName job = arguments.job();
    String workspace = arguments.workspace();
    Settings settings = arguments.settings();
    SparkStart spark = new SparkStart(arguments.master, SparkSettings.of(settings));
    List<Job> jobs =
        job == JobName.EXPORT ? List.of(Export.job(arguments)) : Jobs.of(job, settings, out);
    if (arguments.dryRun) {
      Pipeline planned = pipeline(jobs, workspace, spark, settings);
      planned.checkInputs();
      new DryRun(planned, arguments.rate()).run(out, err);
      return;
    }
    if (arguments.rebuildModels) {
      arguments.demoModels().make(DemoSettings.models(), out);
    }
    List<Pipeline> pipelines = new ArrayList<>();
    if (job == JobName.DEMO) {
      out.println(DemoInput.draw(workspace, DemoSettings.scenes(settings), spark.hadoop()));
      String heldOut = DemoInput.heldOut(workspace);
      List<Job> ingest = List.of(Jobs.ingest(settings, DemoInput.folder(heldOut)));
      pipelines.add(pipeline(ingest, heldOut, spark, settings));
    }
    pipelines.add(pipeline(jobs, workspace, spark, settings));
    Pipeline.run(pipelines, out, err);
    ClassArchive.write();
  }

  private static Pipeline pipeline(
      List<Job> jobs, String workspace, SparkStart spark, Settings settings) {
    return new Pipeline(jobs, workspace, spark, IngestSettings.quarantineLimit(settings));
  }

  private static void help(Arguments arguments, CommandLine commandLine, PrintStream out) {
    if (arguments.word != null) {
      JobHelp.print(arguments.job(), out);
      return;
    }
    String jobs =
        Arrays.stream(JobName.values())
            .map(job -> "  " + job.word() + " ".repeat(16 - job.word().length()) + job.meaning)
            .collect(Collectors.joining("%n", "%nJobs:%n", "%n"));
    commandLine.getCommandSpec().usageMessage().description(jobs);
    commandLine.usage(out);
  }

  /** As the jar's manifest has it. */
  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not built by Maven)" : version;
  }
}
