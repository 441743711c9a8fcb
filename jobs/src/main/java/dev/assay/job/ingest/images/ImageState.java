package dev.assay.job.ingest.images;

import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.item.Sha256;
import java.io.Serializable;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * The state of a set of image files: how many there are, and a digest of their paths, lengths and
 * modification times. Another image under the same name changes it; so does an image that appears
 * or disappears. Bytes are not read: a replacement of the same length and time goes unnoticed here.
 *
 * @param files that exist
 * @param high sum of the first eight bytes of each file's hash: sums do not depend on the order
 * @param low the same of the next eight bytes
 */
public record ImageState(long files, long high, long low) implements Serializable {
  private static final ImageState NONE = new ImageState(0, 0, 0);

  /**
   * Looks at all images that the input names. Folders are listed, by as many tasks as there are
   * folders; see {@link FolderListing}.
   *
   * @param images paths and URIs; repetitions and nulls are allowed
   * @param imageRoot the folder under which they lie
   */
  public static ImageState of(
      JavaRDD<String> images, String imageRoot, Broadcast<SerializableConfiguration> hadoop) {
    return folders(images, imageRoot, hadoop)
        .map(folder -> of(folder._1(), folder._2(), hadoop.value().value()))
        .fold(NONE, ImageState::plus);
  }

  /** The folders of the images that the input names, each with the names in it. */
  static JavaPairRDD<String, Set<String>> folders(
      JavaRDD<String> images, String imageRoot, Broadcast<SerializableConfiguration> hadoop) {
    int tasks = 4 * images.context().defaultParallelism();
    JavaPairRDD<String, String> files =
        images.mapPartitionsToPair(
            paths -> {
              ImageFolder folder = ImageFolder.at(imageRoot, hadoop.value().value());
              Iterable<String> each = () -> paths;
              return StreamSupport.stream(each.spliterator(), false)
                  .flatMap(path -> files(path, folder))
                  .iterator();
            });
    return files.<Set<String>>aggregateByKey(
        new HashSet<>(),
        Math.min(tasks, files.getNumPartitions()),
        ImageState::add,
        ImageState::union);
  }

  /** Folder and name of each file that is meant by an image path; none for an image in base64. */
  private static Stream<Tuple2<String, String>> files(String image, ImageFolder folder) {
    if (image == null) {
      return Stream.empty();
    }
    try {
      return folder.locate(image).stream()
          .filter(path -> !path.isRoot())
          .map(path -> new Tuple2<>(path.getParent().toString(), path.getName()));
    } catch (BadItemException e) {
      return Stream.empty(); // no file of its own, or unusable: then its item goes to quarantine
    }
  }

  private static Set<String> add(Set<String> names, String name) {
    names.add(name);
    return names;
  }

  private static Set<String> union(Set<String> names, Set<String> more) {
    names.addAll(more);
    return names;
  }

  private static ImageState of(String folder, Set<String> names, Configuration hadoop) {
    ImageState[] state = {NONE};
    new FolderListing(new Path(folder), hadoop)
        .forEachFile(names, file -> state[0] = state[0].plus(of(file)));
    return state[0];
  }

  static ImageState of(FileStatus file) {
    String hash =
        Sha256.hex(file.getPath() + "\n" + file.getLen() + "\n" + file.getModificationTime());
    return new ImageState(
        1,
        Long.parseUnsignedLong(hash.substring(0, 16), 16),
        Long.parseUnsignedLong(hash.substring(16, 32), 16));
  }

  private ImageState plus(ImageState other) {
    return new ImageState(files + other.files, high + other.high, low + other.low);
  }

  /** Such as {@code 12 files, 0123456789abcdef0123456789abcdef}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d files, %016x%016x", files, high, low);
  }
}
