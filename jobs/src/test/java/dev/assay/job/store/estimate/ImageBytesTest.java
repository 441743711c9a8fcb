package dev.assay.job.store.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.item.EncodedImage;
import dev.assay.job.TestSpark;
import dev.assay.job.store.Wanted;
import dev.assay.pack.ImagePacks;
import dev.assay.pack.PackStream;
import dev.assay.pack.PackedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBytesTest {
  @TempDir Path folder;

  @Test
  void countsImagesOfAFolderOnceAndThoseThatCannotBeReadAsNothing() throws IOException {
    Files.write(folder.resolve("a.png"), new byte[100]);
    Files.write(folder.resolve("b.png"), new byte[200]);

    assertEquals(
        new ImageBytes(3, 300), of(folder.toString(), "a.png", "b.png", "a.png", "no.png"));
  }

  @Test
  void readsPacksWhereImagesArePacked() throws IOException {
    EncodedImage image = EncodedImage.of(new byte[100]);
    String pack = "0".repeat(32) + ".tar";
    long offset;
    try (OutputStream out = Files.newOutputStream(folder.resolve(pack))) {
      PackStream stream = new PackStream(out);
      offset = stream.add(image);
      stream.finish();
    }
    String place = new PackedImage(pack, offset, 100, "a.png").toString();

    assertEquals(new ImageBytes(1, 100), of(ImagePacks.root(folder.toString()), place));
  }

  private static ImageBytes of(String root, String... images) {
    Dataset<Row> contents =
        TestSpark.session()
            .createDataset(Stream.of(images).toList(), Encoders.STRING())
            .toDF("image");
    Wanted.Side side = new Wanted.Side("hash", "text", "image", contents);
    return ImageBytes.of(new Wanted(contents, List.of(side)), root, new Configuration());
  }
}
