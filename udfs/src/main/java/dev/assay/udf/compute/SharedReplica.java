package dev.assay.udf.compute;

import dev.assay.train.Replica;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/**
 * The replica of one executor and device, kept loaded between tasks. Tasks take turns. It runs on a
 * thread of its own, which may use all cores of the executor, because the waiting tasks use none.
 *
 * @param <E> an example
 */
public final class SharedReplica<E> implements AutoCloseable {
  private final Semaphore free = new Semaphore(1, true);
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread own = new Thread(work, "assay-replica");
            own.setDaemon(true);
            return own;
          });
  private Replica<E> replica; // the thread's

  private SharedReplica() {}

  /**
   * A task's turn with the replica. Other tasks wait until it is closed; closing twice is fine.
   *
   * @param <E> an example
   */
  public static final class Turn<E> implements AutoCloseable {
    private final SharedReplica<E> shared;
    private final ModelCache.Lease<?> lease;
    private boolean closed;

    private Turn(SharedReplica<E> shared, ModelCache.Lease<?> lease) {
      this.shared = shared;
      this.lease = lease;
    }

    /** The result of some work with the replica. */
    public <T> T with(Function<Replica<E>, T> work) {
      Object[] result = new Object[1];
      shared.onThread(() -> result[0] = work.apply(shared.replica));
      @SuppressWarnings("unchecked") // put there by the line above
      T done = (T) result[0];
      return done;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        shared.free.release();
        lease.close();
      }
    }
  }

  /**
   * Waits for the calling task's turn. The first call loads the replica.
   *
   * @param run the training run; each run has a replica of its own
   * @throws dev.assay.checkpoint.CheckpointException if it cannot be loaded, in one line
   * @throws InterruptedException if the task is killed while it waits
   */
  public static <E> Turn<E> turn(
      ReplicaFactory<E> factory, String run, Placement placement, Configuration hadoop)
      throws InterruptedException {
    ModelCache.Key key = new ModelCache.Key(factory.location(), placement, List.of(factory, run));
    ModelCache.Lease<SharedReplica<E>> lease =
        ModelCache.EXECUTOR.lease(key, () -> open(factory, placement, hadoop));
    try {
      lease.model().free.acquire();
      return new Turn<>(lease.model(), lease);
    } catch (InterruptedException e) {
      lease.close();
      throw e;
    }
  }

  /**
   * Waits for the calling task's turn and runs its work on the replica.
   *
   * @see #turn
   */
  public static <E, T> T use(
      ReplicaFactory<E> factory,
      String run,
      Placement placement,
      Configuration hadoop,
      Function<Replica<E>, T> work)
      throws InterruptedException {
    try (Turn<E> turn = turn(factory, run, placement, hadoop)) {
      return turn.with(work);
    }
  }

  private static <E> SharedReplica<E> open(
      ReplicaFactory<E> factory, Placement placement, Configuration hadoop) {
    SharedReplica<E> shared = new SharedReplica<>();
    try {
      shared.onThread(
          () -> {
            if (!placement.device().isGpu()) {
              EngineThreads.takeAllCores();
            }
            shared.replica = factory.open(placement, hadoop);
          });
      return shared;
    } catch (RuntimeException | Error e) {
      shared.thread.shutdown();
      throw e;
    }
  }

  /** Waits to the end even if the task is killed: native code cannot be interrupted. */
  private void onThread(Runnable work) {
    Future<?> running = thread.submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          running.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause; // a Runnable throws no other
  }

  @Override
  public void close() {
    onThread(replica::close);
    thread.shutdown();
  }
}
