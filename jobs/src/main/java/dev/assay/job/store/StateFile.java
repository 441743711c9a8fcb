package dev.assay.job.store;

import dev.assay.job.JobContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Keeps the {@link RunState} of a fill beside its store, for whoever wants to know how far it is.
 */
final class StateFile implements AutoCloseable {
  static final String NAME = "_state.json";

  private final StoreTable table;
  private final JobContext context;
  private final long reused;
  private final SlicePlan plan;
  private final Instant started = Instant.now();
  private long rows;
  private int slices;
  private String state = "running";

  StateFile(StoreTable table, JobContext context, long reused, SlicePlan plan) {
    this.table = table;
    this.context = context;
    this.reused = reused;
    this.plan = plan;
    write();
  }

  /** A portion was committed. */
  synchronized void add(SlicePlan.Portion portion) {
    rows += portion.rows();
    slices++;
    write();
  }

  private void write() {
    Instant now = Instant.now();
    double seconds = Math.max(1, started.until(now, ChronoUnit.MILLIS)) / 1e3;
    RunState current =
        new RunState(
            context.jobName(),
            state,
            table.unit(),
            reused,
            rows,
            plan.missing(),
            slices,
            plan.portions().size(),
            Math.round(rows / seconds * 10) / 10.0,
            started.truncatedTo(ChronoUnit.SECONDS).toString(),
            now.truncatedTo(ChronoUnit.SECONDS).toString());
    context.workspace().writeBeside(table.name(), NAME, current.toJson());
  }

  @Override
  public synchronized void close() {
    state = rows == plan.missing() ? "finished" : "failed";
    write();
  }
}
