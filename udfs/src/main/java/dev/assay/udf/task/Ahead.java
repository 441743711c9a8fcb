package dev.assay.udf.task;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads of one task that work ahead of its model: reading, decoding, tokenising. What fails there
 * is done again by the task itself, which then meets the error.
 */
final class Ahead implements AutoCloseable {
  /** One decodes while another reads. */
  private static final int THREADS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Ahead.class);

  private final ExecutorService threads;
  private final AtomicInteger begun =
      new AtomicInteger(-1); // the first batch, 0, is never announced
  private int announced;

  /**
   * @param task names the threads
   */
  Ahead(long task) {
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread thread =
                  new Thread(work, "assay-ahead-" + task + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What {@link #soon} is given from here on is for the next batch. */
  void announce() {
    announced++;
  }

  /** The task begins the next batch: what is left to do for it is its own work. */
  void begin() {
    begun.incrementAndGet();
  }

  /** Runs work on another thread, in the order of calls. */
  void soon(Runnable work) {
    int batch = announced;
    threads.execute(
        () -> {
          if (begun.get() >= batch) {
            return;
          }
          try {
            work.run();
          } catch (RuntimeException e) {
            LOG.debug("work ahead failed; the task will do it", e);
          }
        });
  }

  /** Ends all work. Waits for what is at work, because it uses what the task closes next. */
  @Override
  public void close() {
    threads.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
