package dev.assay.job.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.item.ContentHash;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.ingest.FailingFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckImagesTest {
  @TempDir Path images;
  private final LongAccumulator done = new LongAccumulator();

  @Test
  void findsImagesThatChangedOrBrokeAndNoOthers() throws IOException {
    Row same = ingested("same.png", "small.png", "a car");
    Row changed = ingested("changed.png", "wide.png", "a bicycle");
    Files.write(images.resolve("changed.png"), Files.readAllBytes(fixture("gray.png")));
    byte[] whole = Files.readAllBytes(fixture("exact.png"));
    Files.write(images.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2));
    Row half = row("half.png", null, Files.readAllBytes(images.resolve("half.png")));
    Row unknown = RowFactory.create("same.png", "not hashed", null);

    List<Row> found = check(images.toString(), List.of(same, changed, half, unknown));

    assertEquals(2, found.size(), found::toString);
    assertEquals("changed.png", found.get(0).getString(0));
    assertEquals(changed.getString(2), found.get(0).getString(1));
    assertEquals("changed_image", found.get(0).getString(2));
    assertTrue(found.get(0).getString(3).contains("run ingest again"), found::toString);
    assertEquals("truncated_image", found.get(1).getString(2));
    assertEquals(4, done.value());
  }

  @Test
  void aTextThatChangedUnderTheSameImageIsFoundForThatItemAlone() throws IOException {
    Row first = ingested("both.png", "small.png", "a car");
    Row second = RowFactory.create("both.png", "a bicycle", first.getString(2));
    List<Row> found = check(images.toString(), List.of(first, second));
    assertEquals(1, found.size());
    assertEquals("changed_image", found.get(0).getString(2));
  }

  @Test
  void aStorageErrorFailsTheTask() throws IOException {
    Row item = ingested("unavailable.png", "small.png", "a car");
    String root = FailingFileSystem.SCHEME + "://" + images;
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> check(root, List.of(item)));
    assertTrue(e.getMessage().contains("unavailable.png"), e.getMessage());
  }

  private List<Row> check(String root, List<Row> items) {
    Configuration hadoop = FailingFileSystem.register(new Configuration());
    CheckImages check =
        new CheckImages(
            TinyWorld.FIXTURES.resolve("qwen2-vl").toString(),
            1 << 20,
            root,
            new SerializableConfiguration(hadoop),
            done);
    List<Row> found = new ArrayList<>();
    check.call(items.iterator()).forEachRemaining(found::add);
    return found;
  }

  private Row ingested(String name, String fixture, String text) throws IOException {
    Files.copy(fixture(fixture), images.resolve(name));
    return row(name, text, Files.readAllBytes(images.resolve(name)));
  }

  private static Row row(String name, String text, byte[] image) {
    return RowFactory.create(name, text, ContentHash.of(text, image));
  }

  private static Path fixture(String name) {
    return TinyWorld.FIXTURES.resolve("images").resolve(name);
  }
}
