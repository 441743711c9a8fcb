package dev.assay.job.ingest.pack;

import dev.assay.image.ImageDecoder;
import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import dev.assay.job.files.AtomicFile;
import dev.assay.pack.PackStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes packs; each task writes one. A pack has a name that no other has, is seen only when it is
 * whole, and never changes.
 *
 * @param packs folder to write to
 * @param imageRoot folder to read from
 * @param done is increased by one for each image
 */
record PackWriter(
    String packs,
    String imageRoot,
    Broadcast<SerializableConfiguration> hadoop,
    LongAccumulator done)
    implements Serializable {
  /**
   * An image to be packed.
   *
   * @param hash of its bytes
   * @param image what an image column says
   */
  record Source(String hash, String image) implements Serializable {}

  /**
   * Packs all images of a task.
   *
   * @return rows of {@code store/packed_images}
   * @throws UncheckedIOException if the storage fails, or an image is not the one that was hashed
   */
  Iterator<Row> write(Iterator<Source> images) {
    List<Row> places = new ArrayList<>();
    if (!images.hasNext()) {
      return places.iterator();
    }
    Configuration configuration = hadoop.value().value();
    ImageFolder folder = ImageFolder.at(imageRoot, configuration);
    Path pack = new Path(packs, UUID.randomUUID().toString().replace("-", "") + ".tar");
    try {
      AtomicFile.replace(
          pack,
          configuration,
          out -> {
            PackStream stream = new PackStream(out);
            while (images.hasNext()) {
              EncodedImage image = read(images.next(), folder);
              places.add(place(image, pack.getName(), stream.add(image)));
              done.add(1);
            }
            stream.finish();
          });
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the pack " + pack + ": " + e.getMessage(), e);
    }
    return places.iterator();
  }

  private static Row place(EncodedImage image, String pack, long offset) {
    String extension = ImageDecoder.extension(image.bytes());
    return RowFactory.create(image.key(), pack, offset, image.bytes().length, extension);
  }

  private static EncodedImage read(Source source, ImageFolder folder) {
    EncodedImage image;
    try {
      image = folder.read(source.image());
    } catch (BadItemException e) {
      throw changed(source, e.detail());
    }
    if (!image.key().equals(source.hash())) {
      throw changed(source, "other bytes than before");
    }
    return image;
  }

  private static UncheckedIOException changed(Source source, String why) {
    String message =
        "Cannot pack the image "
            + ImageFolder.shown(source.image())
            + ": it changed during the job ("
            + why
            + "); run ingest again";
    return new UncheckedIOException(message, new IOException(why));
  }
}
