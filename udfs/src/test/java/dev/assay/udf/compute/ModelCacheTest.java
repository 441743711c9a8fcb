package dev.assay.udf.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.model.Precision;
import dev.assay.udf.TestSpark;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Test;

class ModelCacheTest {
  private static final Placement CPU = new Placement(Device.cpu(), Precision.FLOAT32);
  private static final ModelCache SHARED = new ModelCache();
  private static final AtomicInteger LOADS = new AtomicInteger();
  private static final AtomicInteger WAITING = new AtomicInteger();

  private final ModelCache cache = new ModelCache();

  private static final class Model implements AutoCloseable {
    private boolean closed;

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void fourConcurrentTasksLoadOneModel() {
    List<Integer> models =
        TestSpark.session()
            .range(0, 4, 1, 4)
            .mapPartitions(
                (MapPartitionsFunction<Long, Integer>)
                    rows -> {
                      WAITING.incrementAndGet();
                      try (var lease = SHARED.lease(key("a"), ModelCacheTest::slowLoad)) {
                        return List.of(System.identityHashCode(lease.model())).iterator();
                      }
                    },
                Encoders.INT())
            .collectAsList();

    assertEquals(1, LOADS.get());
    assertEquals(4, models.size());
    assertEquals(1, models.stream().distinct().count());
  }

  /** Does not end before all four tasks have asked. */
  private static Model slowLoad() throws InterruptedException {
    LOADS.incrementAndGet();
    for (int i = 0; i < 1000 && WAITING.get() < 4; i++) {
      Thread.sleep(10);
    }
    return new Model();
  }

  @Test
  void aModelStaysBetweenTasksAndIsClosedAtTheEnd() {
    Model first = leaseAndReturn("a");
    assertSame(first, leaseAndReturn("a"));
    assertFalse(first.closed);

    cache.closeUnused();
    assertTrue(first.closed);
    assertEquals(0, cache.size());
  }

  @Test
  void checkpointDeviceAndPrecisionEachMakeAnotherModel() {
    Placement half = new Placement(Device.cpu(), Precision.BFLOAT16);
    Placement gpu = new Placement(Device.gpu(1), Precision.FLOAT32);
    try (var a = cache.lease(key("a"), Model::new);
        var b = cache.lease(key("b"), Model::new);
        var c = cache.lease(new ModelCache.Key("a", half, ""), Model::new);
        var d = cache.lease(new ModelCache.Key("a", gpu, ""), Model::new)) {
      assertEquals(4, cache.size());
      assertNotSame(a.model(), b.model());
      assertNotSame(c.model(), d.model());
    }
  }

  @Test
  void anotherModelOnTheSameDeviceTakesThePlaceOfUnusedOnes() {
    Model unused = leaseAndReturn("a");
    try (var used = cache.lease(key("b"), Model::new)) {
      assertTrue(unused.closed);
      leaseAndReturn("c");
      assertFalse(used.model().closed);
      assertEquals(2, cache.size());
    }
  }

  @Test
  void aFailedLoadIsReportedInOneLineAndTriedAgain() {
    CheckpointException e =
        assertThrows(
            CheckpointException.class,
            () ->
                cache.lease(
                    key("a"),
                    () -> {
                      throw new IllegalStateException("no memory\n  at native stack");
                    }));
    assertEquals("Cannot load a on cpu() in float32: no memory", e.getMessage());

    CheckpointException same =
        assertThrows(
            CheckpointException.class,
            () ->
                cache.lease(
                    key("a"),
                    () -> {
                      throw new CheckpointException("Cannot load a: no tensor x");
                    }));
    assertEquals("Cannot load a: no tensor x", same.getMessage());
    assertEquals(0, cache.size());
    assertFalse(leaseAndReturn("a").closed);
  }

  @Test
  void closingALeaseTwiceGivesItBackOnce() {
    try (var held = cache.lease(key("a"), Model::new)) {
      var other = cache.lease(key("a"), Model::new);
      other.close();
      other.close();
      cache.closeUnused();
      assertFalse(held.model().closed);
    }
  }

  private Model leaseAndReturn(String checkpoint) {
    try (var lease = cache.lease(key(checkpoint), Model::new)) {
      return lease.model();
    }
  }

  private static ModelCache.Key key(String checkpoint) {
    return new ModelCache.Key(checkpoint, CPU, "");
  }
}
