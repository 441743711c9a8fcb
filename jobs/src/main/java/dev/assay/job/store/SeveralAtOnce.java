package dev.assay.job.store;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;

/**
 * Runs steps of the driver side by side, each with Spark jobs of its own, so that executors have
 * work while one step ends and another begins. They start in their order. The first that fails
 * stops the others.
 */
final class SeveralAtOnce {
  private final SparkContext spark;
  private final String description;
  private final int most;
  private volatile boolean stopped;

  /**
   * @param description of the Spark jobs, for people
   * @param most steps at once
   */
  SeveralAtOnce(SparkContext spark, String description, int most) {
    this.spark = spark;
    this.description = description;
    this.most = most;
  }

  /**
   * Runs all steps, and returns when none runs any more. What the first failure threw is thrown.
   */
  void run(List<Runnable> steps) {
    String group = "assay-" + UUID.randomUUID();
    ExecutorService threads = Executors.newFixedThreadPool(most);
    try {
      CompletionService<Void> ends = new ExecutorCompletionService<>(threads);
      for (Runnable step : steps) {
        ends.submit(() -> inGroup(group, step), null);
      }
      for (int i = 0; i < steps.size(); i++) {
        ends.take().get();
      }
    } catch (ExecutionException e) {
      throw SeveralAtOnce.<RuntimeException>same(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while slices were in work", e);
    } finally {
      threads.shutdown();
      stop(threads, group);
    }
  }

  private void inGroup(String group, Runnable step) {
    if (stopped) {
      return;
    }
    spark.setJobGroup(group, description, true);
    boolean done = false;
    try {
      step.run();
      done = true;
    } finally {
      if (!done) {
        stopped = true;
      }
    }
  }

  /**
   * Waits for the end of what runs. Its Spark jobs are cancelled, and so are those that it begins
   * later. Steps are not interrupted: a job whose step has ended would go on.
   */
  private void stop(ExecutorService threads, String group) {
    boolean interrupted = Thread.interrupted();
    stopped = true;
    if (!threads.isTerminated()) {
      spark.cancelJobGroupAndFutureJobs(group);
    }
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Checked exceptions too: Scala does not declare them. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E same(Throwable failure) throws E {
    throw (E) failure;
  }
}
