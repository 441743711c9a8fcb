package dev.assay.job.ingest.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStateTest {
  private static final FileTime TIME = FileTime.fromMillis(1_600_000_000_000L);

  @TempDir Path folder;
  private final SparkSession spark = TestSpark.session();

  @Test
  void changesWithTheLengthTheTimeAndThePresenceOfANamedImageOnly() throws IOException {
    write("a/x.png", "one");
    write("a/y.png", "two");
    List<String> images = List.of("a/x.png", "a/y.png", "a/later.png", "b/later.png");
    ImageState before = state(images);
    assertEquals(2, before.files());

    write("a/not named.png", "three");
    write("a/y.png", "two");
    assertEquals(before, state(images), "nothing that is named has changed");

    write("a/x.png", "longer");
    ImageState longer = state(images);
    assertNotEquals(before, longer);

    Files.setLastModifiedTime(folder.resolve("a/x.png"), FileTime.fromMillis(1_600_000_000_007L));
    assertNotEquals(longer, state(images));

    write("a/x.png", "one");
    assertEquals(before, state(images));
    write("b/later.png", "x");
    assertNotEquals(before, state(images), "an image that was missing has appeared");
    Files.delete(folder.resolve("b/later.png"));
    Files.delete(folder.resolve("a/x.png"));
    assertNotEquals(before, state(images));
  }

  @Test
  void doesNotDependOnTheOrderTheRepetitionsOrThePartitions() throws IOException {
    List<String> images = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String name = i % 3 + "/" + i + ".png";
      write(name, "image " + i);
      images.add(name);
      images.add(folder.resolve(name).toString());
      images.add(folder.resolve(name).toUri().toString());
      images.add(folder.resolve(name).toUri().toString().replace(".", "%2e"));
    }
    ImageState state = state(images);

    java.util.Collections.shuffle(images, new Random(5));
    images.addAll(images.subList(0, 30));

    assertEquals(state, state(images));
    assertEquals(40, state.files());
    assertTrue(state.toString().matches("40 files, [0-9a-f]{32}"), state.toString());
  }

  @Test
  void skipsPathsThatAreNoFilesUnderTheRoot() throws IOException {
    write("x.png", "one");
    List<String> images = new ArrayList<>(List.of("x.png"));
    ImageState state = state(images);
    images.addAll(
        List.of("../x.png", "/etc/passwd", "data:image/png;base64,AAAA", "", " ", "\u0000"));
    images.add(null);

    assertEquals(state, state(images));
  }

  @Test
  void watchesAFileThatAUriMeansByItsLiteralName() throws IOException {
    write("a%20b.png", "one");
    List<String> images = List.of(folder.toUri() + "a%20b.png");
    ImageState before = state(images);
    assertEquals(1, before.files());

    write("a%20b.png", "longer");

    assertNotEquals(before, state(images));
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, TIME);
  }

  private ImageState state(List<String> images) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(new Configuration()));
    return ImageState.of(context.parallelize(images), folder.toString(), hadoop);
  }
}
