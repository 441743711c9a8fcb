package dev.assay.udf.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private static final UncheckedIOException STORAGE =
      new UncheckedIOException("Cannot read s3a://bucket/a.png", new IOException("503 Slow Down"));

  @Test
  void aBadItemIsAnErrorOfItsRow() {
    Outcome<Item> bad =
        Outcome.of(
            () -> {
              throw new BadItemException("unreadable_image", "a.png is no image");
            });
    assertFalse(bad.isGood());
    assertEquals("unreadable_image: query: a.png is no image", bad.inSide("query").error());
  }

  @Test
  void aStorageErrorFailsTheTaskSoThatSparkTriesAgain() {
    ItemReader reader =
        new ItemReader(
            path -> {
              throw STORAGE;
            },
            100);
    assertSame(
        STORAGE,
        assertThrows(
            UncheckedIOException.class, () -> Outcome.of(() -> reader.item("a text", "a.png"))));
  }

  @Test
  void aStorageErrorInABatchFailsTheTaskAndIsNotIsolated() {
    List<Integer> sizes = new ArrayList<>();
    Batches<Integer, Integer> batches =
        new Batches<>(
            inputs -> {
              sizes.add(inputs.size());
              throw STORAGE;
            },
            Outcome::good,
            () -> true);
    assertSame(
        STORAGE, assertThrows(UncheckedIOException.class, () -> batches.run(List.of(1, 2, 3, 4))));
    assertEquals(List.of(4), sizes);
  }

  @Test
  void anImageThatCouldNotBeReadIsReadAgainByTheNextAttempt() {
    List<String> reads = new ArrayList<>();
    ItemReader reader =
        new ItemReader(
            path -> {
              reads.add(path);
              if (reads.size() == 1) {
                throw STORAGE;
              }
              return EncodedImage.of(new byte[] {1});
            },
            100);
    assertThrows(UncheckedIOException.class, () -> reader.item(null, "a.png"));
    assertEquals(EncodedImage.of(new byte[] {1}), reader.item(null, "a.png").image());
  }
}
