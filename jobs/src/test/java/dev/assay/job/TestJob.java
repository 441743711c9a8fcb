package dev.assay.job;

import dev.assay.job.workspace.Workspace;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.TreeMap;

/** A job that does nothing, for tests of what jobs use. */
public final class TestJob implements Job {
  private TestJob() {}

  /** The context of a job on a workspace. */
  public static JobContext context(Workspace workspace) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new JobContext(
        TestSpark.session(),
        workspace,
        TestProgress.of(TestSpark.session(), nowhere),
        new TestJob(),
        QuarantineLimit.NONE);
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public List<String> inputs() {
    return List.of();
  }

  @Override
  public List<String> outputs() {
    return List.of();
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public JobResult run(JobContext context) {
    return new JobResult(new TreeMap<>(), "nothing");
  }
}
