package dev.assay.job.ingest.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.item.EncodedImage;
import dev.assay.job.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackWriterTest {
  private static final byte[] GIF = "GIF89a".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  @Test
  void anImageThatIsNotTheHashedOneFailsTheTaskAndLeavesNoPack() throws IOException {
    Files.write(folder.resolve("a.gif"), GIF);
    String hash = EncodedImage.of(GIF).key();
    PackWriter.Source good = new PackWriter.Source(hash, "a.gif");

    assertFails(
        List.of(good, new PackWriter.Source("0".repeat(64), "a.gif")),
        "Cannot pack the image a.gif: it changed during the job (other bytes than before);"
            + " run ingest again");
    assertFails(
        List.of(good, new PackWriter.Source(hash, "gone.gif")),
        "Cannot pack the image gone.gif: it changed during the job (gone.gif does not exist);"
            + " run ingest again");
  }

  @Test
  void aTaskWithoutImagesWritesNoPack() {
    assertFalse(writer().write(List.<PackWriter.Source>of().iterator()).hasNext());
    assertFalse(Files.exists(folder.resolve("packs")));
  }

  private void assertFails(List<PackWriter.Source> images, String why) throws IOException {
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> writer().write(images.iterator()));
    assertEquals(why, e.getMessage());
    try (var left = Files.list(folder.resolve("packs"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  private PackWriter writer() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    LongAccumulator done = spark.sc().longAccumulator();
    return new PackWriter(
        folder.resolve("packs").toString(),
        folder.toString(),
        spark.broadcast(new SerializableConfiguration(new Configuration())),
        done);
  }
}
