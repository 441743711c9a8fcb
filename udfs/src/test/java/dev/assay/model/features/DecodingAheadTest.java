package dev.assay.model.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class DecodingAheadTest {
  private static final long BYTES = 4L * 16; // of an image

  private final List<String> decoded = Collections.synchronizedList(new ArrayList<>());

  @Test
  void anImageIsDecodedOnceAndTakenOnce() {
    DecodingAhead ahead = new DecodingAhead(this::decode, 1000);
    ahead.decode(image("1"));
    ahead.decode(image("1"));
    assertEquals(new Grid(4, 4), ahead.grid("1"));
    assertEquals(BYTES, ahead.used());
    assertEquals(1f, ahead.take(image("1")).values()[0]);
    assertEquals(List.of("1"), decoded);
    assertEquals(0, ahead.used());
    assertNull(ahead.grid("1"));
    ahead.take(image("1"));
    assertEquals(List.of("1", "1"), decoded);
  }

  @Test
  void noMoreBytesAreKeptThanTheBound() {
    DecodingAhead ahead = new DecodingAhead(this::decode, 3 * BYTES);
    for (int i = 0; i < 10; i++) {
      ahead.decode(image("" + i));
    }
    assertEquals(3 * BYTES, ahead.used());
    ahead.forget("1");
    ahead.decode(image("9"));
    assertEquals(List.of("0", "1", "2", "9"), decoded);
    for (int i = 0; i < 10; i++) {
      assertEquals(i, ahead.take(image("" + i)).values()[0]);
    }
    assertEquals(0, ahead.used());
  }

  @Test
  void whatFailsAheadFailsWhereItIsNeeded() {
    DecodingAhead ahead = new DecodingAhead(this::decode, 1000);
    ahead.decode(image("bad"));
    assertEquals(0, ahead.used());
    assertNull(ahead.grid("bad"));
    assertThrows(BadItemException.class, () -> ahead.take(image("bad")));
  }

  @Test
  void anImageThatIsBeingDecodedIsWaitedFor() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch allowed = new CountDownLatch(1);
    Patches patches = FakeTower.patches(7, new Grid(4, 4), 1);
    DecodingAhead ahead =
        new DecodingAhead(
            image -> {
              begun.countDown();
              await(allowed);
              return patches;
            },
            1000);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> decoding = threads.submit(() -> ahead.decode(image("7")));
      await(begun);
      Future<Patches> taken = threads.submit(() -> ahead.take(image("7")));
      allowed.countDown();
      decoding.get();
      assertSame(patches, taken.get());
      assertEquals(0, ahead.used());
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Patches decode(EncodedImage image) {
    if (image.key().equals("bad")) {
      throw new BadItemException("unreadable_image", "not an image");
    }
    decoded.add(image.key());
    return FakeTower.patches(Float.parseFloat(image.key()), new Grid(4, 4), 1);
  }

  private static EncodedImage image(String key) {
    return new EncodedImage(key, new byte[0]);
  }
}
