package dev.assay.job;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Shows the progress of long work: done and total, rate, time left. Tasks count on an accumulator.
 * The driver prints at most one line every five seconds, so short work prints nothing.
 *
 * <p>An accumulator's value reaches the driver only when a task ends. The counts of running tasks
 * come from the executors' heartbeats.
 */
public final class Progress implements AutoCloseable {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  private final SparkSession spark;
  private final PrintStream out;
  private final String job;
  private final Duration betweenLines;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "assay-progress");
            thread.setDaemon(true);
            return thread;
          });

  Progress(SparkSession spark, PrintStream out, String job) {
    this(spark, out, job, BETWEEN_LINES);
  }

  Progress(SparkSession spark, PrintStream out, String job, Duration betweenLines) {
    this.spark = spark;
    this.out = out;
    this.job = job;
    this.betweenLines = betweenLines;
  }

  /**
   * Starts to show work of a known size. Close the result when the work is done.
   *
   * @param what the unit in the plural, such as {@code pairs}
   * @param total the number of units
   */
  public Work start(String what, long total) {
    return start(what, 0, total, () -> "");
  }

  /**
   * The same for work that continues an earlier run.
   *
   * @param before the number of units that the earlier run finished
   * @param more text to add to each line, or an empty text
   */
  public Work start(String what, long before, long total, Supplier<String> more) {
    return new Work(what, before, total, more);
  }

  /** Prints a separate line, for what is known before the work starts. */
  public void say(String line) {
    out.println(job + "  " + line);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  /** Work in progress. */
  public final class Work implements AutoCloseable {
    private final String what;
    private final long before;
    private final long total;
    private final Supplier<String> more;
    private final long start = System.nanoTime();
    private final LongAccumulator counter;
    private final Map<Long, Long> running = new ConcurrentHashMap<>();
    private final SparkListener heartbeats = new Heartbeats();
    private final ScheduledFuture<?> timer;
    private volatile long shown = -1;

    private Work(String what, long before, long total, Supplier<String> more) {
      this.what = what;
      this.before = before;
      this.total = total;
      this.more = more;
      this.counter = spark.sparkContext().longAccumulator("assay " + job + " " + what);
      spark.sparkContext().addSparkListener(heartbeats);
      this.timer =
          clock.scheduleAtFixedRate(
              this::show, betweenLines.toMillis(), betweenLines.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The counter on which tasks call {@code add}, once for every finished unit. */
    public LongAccumulator counter() {
      return counter;
    }

    private void show() {
      long done = before + counter.value();
      for (long partial : running.values()) {
        done += partial;
      }
      done = Math.min(done, total);
      if (done < total || shown < total) {
        double seconds = (System.nanoTime() - start) / 1e9;
        String also = more.get();
        String line = ProgressLine.of(job, what, before, done, total, seconds);
        out.println(also.isEmpty() ? line : line + "  " + also);
        shown = done;
      }
    }

    @Override
    public void close() {
      timer.cancel(false);
      spark.sparkContext().removeSparkListener(heartbeats);
      running.clear();
      if (shown >= 0) {
        show();
      }
    }

    private final class Heartbeats extends SparkListener {
      @Override
      public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        for (var task : CollectionConverters.asJava(update.accumUpdates())) {
          for (var info : CollectionConverters.asJava(task._4())) {
            if (info.id() == counter.id() && info.update().isDefined()) {
              running.put((Long) task._1(), ((Number) info.update().get()).longValue());
            }
          }
        }
      }

      @Override
      public void onTaskEnd(SparkListenerTaskEnd end) {
        running.remove(end.taskInfo().taskId());
      }
    }
  }
}
