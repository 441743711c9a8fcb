package dev.assay.job.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.job.TestSpark;
import dev.assay.job.failure.JobFailedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SeveralAtOnceTest {
  private static SeveralAtOnce several(int most) {
    return new SeveralAtOnce(TestSpark.session().sparkContext(), "test", most);
  }

  @Test
  void stepsRunSideBySide() {
    CyclicBarrier both = new CyclicBarrier(2);
    Runnable waits =
        () -> {
          try {
            both.await();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
    several(2).run(List.of(waits, waits)); // one after the other they would wait for ever
  }

  @Test
  void oneAfterTheOtherTheyRunInTheirOrder() {
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    several(1).run(List.of(() -> order.add(1), () -> order.add(2), () -> order.add(3)));
    assertEquals(List.of(1, 2, 3), order);
  }

  @Test
  void theFirstFailureStopsTheOthersAndTheirSparkJobsAndIsThrown() {
    CountDownLatch running = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean later = new AtomicBoolean();
    JobFailedException cause = new JobFailedException("no such thing");
    Runnable fails =
        () -> {
          await(running);
          throw cause;
        };
    Runnable endless =
        () -> {
          running.countDown();
          try {
            TestSpark.session().range(0, 1_000_000_000_000L, 1, 1).selectExpr("max(id)").first();
            ended.set(true);
          } finally {
            TestSpark.session().range(1).count(); // begun after the cancelling: cancelled too
            ended.set(true);
          }
        };

    assertSame(
        cause,
        assertThrows(
            JobFailedException.class,
            () -> several(2).run(List.of(fails, endless, () -> later.set(true)))));

    assertFalse(ended.get(), "a Spark job went on");
    assertFalse(later.get(), "a step began after the failure");
    assertEquals(1, TestSpark.session().range(1).count(), "later jobs are not cancelled");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
