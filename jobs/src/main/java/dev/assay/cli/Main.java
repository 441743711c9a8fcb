package dev.assay.cli;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.job.Job;
import dev.assay.job.demo.DemoInput;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.pipeline.Pipeline;
import dev.assay.job.pipeline.SparkStart;
import java.io.PrintStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** {@code assay JOB --workspace URI …} */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  private Main() {}

  public static void main(String[] arguments) {
    int status = run(arguments, System.out, System.err);
    System.out.flush();
    System.exit(status);
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
      if (commandLine.isUsageHelpRequested()) {
        commandLine.usage(out);
        return DONE;
      }
      String workspace = arguments.workspace();
      Settings settings = arguments.settings();
      SparkStart spark = new SparkStart(arguments.master, settings.spark());
      List<Job> jobs = Jobs.of(arguments, out);
      if (arguments.rebuildModels) {
        arguments.demoModels().make(DemoSettings.models(), out);
      }
      if (arguments.isOneOf("demo")) {
        out.println(DemoInput.draw(workspace, Jobs.demo(settings), spark.hadoop()));
        String heldOut = DemoInput.heldOut(workspace);
        Job ingest = Jobs.ingest(settings, DemoInput.folder(heldOut));
        new Pipeline(List.of(ingest), heldOut, spark, Jobs.quarantineLimit(settings)).run(out, err);
      }
      Pipeline pipeline = new Pipeline(jobs, workspace, spark, Jobs.quarantineLimit(settings));
      pipeline.check();
      pipeline.run(out, err);
      return DONE;
    } catch (CommandLine.ParameterException e) {
      err.println("assay: " + firstLine(e.getMessage()) + " (assay --help shows what there is)");
      return WRONG_USAGE;
    } catch (Exception | Error e) { // Scala throws checked exceptions without saying so
      LOG.debug("Cannot finish", e);
      return explain(e, err);
    }
  }

  /** One plain line for what went wrong, wherever in the cluster it did. */
  private static int explain(Throwable failure, PrintStream err) {
    Throwable cause = failure;
    for (int depth = 0; depth < 50; depth++) {
      if (cause instanceof SettingsException || cause instanceof CheckpointException) {
        err.println("assay: " + firstLine(cause.getMessage()));
        return WRONG_USAGE;
      }
      if (cause instanceof JobFailedException || cause.getCause() == null) {
        break;
      }
      cause = cause.getCause();
    }
    String kind =
        cause instanceof JobFailedException ? "" : cause.getClass().getSimpleName() + ": ";
    err.println("assay: " + kind + firstLine(cause.getMessage()));
    return FAILED;
  }

  private static String firstLine(String message) {
    return message == null ? "no message" : message.lines().findFirst().orElse("no message");
  }
}
