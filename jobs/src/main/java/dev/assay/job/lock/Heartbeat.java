package dev.assay.job.lock;

import dev.assay.job.failure.JobFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows others, every ten seconds, that a writer is alive, and finds out when it lost its hold. */
final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(10);

  private final Hold hold;
  private final LockFile file;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "assay-writer");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Runnable onLoss = () -> {};

  Heartbeat(Hold hold, LockFile file) {
    this.hold = hold;
    this.file = file;
  }

  void start() {
    long pause = BETWEEN_SIGNS.toMillis();
    clock.scheduleWithFixedDelay(this::beat, pause, pause, TimeUnit.MILLISECONDS);
  }

  void onLoss(Runnable action) {
    onLoss = action;
  }

  /** A writer that lost its hold gives no more signs. */
  void beat() {
    try {
      hold.verify();
      file.giveSign();
    } catch (JobFailedException lost) {
      LOG.debug("Lost {}", file, lost);
      clock.shutdown();
      onLoss.run();
    } catch (IOException | RuntimeException e) {
      LOG.debug("Cannot give a sign beside {}", file, e); // the next time, perhaps
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
