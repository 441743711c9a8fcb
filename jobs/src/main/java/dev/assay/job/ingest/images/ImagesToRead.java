package dev.assay.job.ingest.images;

import dev.assay.job.JobContext;
import dev.assay.job.workspace.Tables;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * The image files that an input names, and which of them an earlier run remembered. None is read.
 *
 * @param files that exist
 * @param bytes of these
 * @param known files that are in {@code store/image_hashes} as they are now
 * @param knownBytes of these
 */
public record ImagesToRead(long files, long bytes, long known, long knownBytes)
    implements Serializable {
  private static final ImagesToRead NONE = new ImagesToRead(0, 0, 0, 0);

  /** A file as it is now. */
  private record Seen(String version, long bytes) implements Serializable {}

  /**
   * Looks at all images that the input names.
   *
   * @param images paths and URIs; repetitions and nulls are allowed
   * @param imageRoot the folder under which they lie
   */
  public static ImagesToRead of(
      JavaRDD<String> images,
      String imageRoot,
      Broadcast<SerializableConfiguration> hadoop,
      JobContext context) {
    return ImageState.folders(images, imageRoot, hadoop)
        .flatMapToPair(folder -> files(folder._1(), folder._2(), hadoop.value().value()).iterator())
        .cogroup(known(context))
        .values()
        .map(file -> of(file._1(), file._2()))
        .fold(NONE, ImagesToRead::plus);
  }

  private static List<Tuple2<String, Seen>> files(
      String folder, Set<String> names, Configuration hadoop) {
    List<Tuple2<String, Seen>> files = new ArrayList<>();
    new FolderListing(new Path(folder), hadoop)
        .forEachFile(
            names,
            file ->
                files.add(
                    new Tuple2<>(
                        file.getPath().toString(),
                        new Seen(FileStamp.of(file).version(), file.getLen()))));
    return files;
  }

  /** The versions that are remembered, by path. */
  private static JavaPairRDD<String, String> known(JobContext context) {
    return context.workspace().has(Tables.IMAGE_HASHES)
        ? context
            .read(Tables.IMAGE_HASHES)
            .javaRDD()
            .map(FileHash::of)
            .mapToPair(hash -> new Tuple2<>(hash.path(), hash.version()))
        : JavaSparkContext.fromSparkContext(context.spark().sparkContext())
            .parallelizePairs(List.of(), 1);
  }

  private static ImagesToRead of(Iterable<Seen> files, Iterable<String> known) {
    ImagesToRead found = NONE;
    for (Seen file : files) {
      boolean unchanged = false;
      for (String version : known) {
        unchanged |= version.equals(file.version());
      }
      found =
          found.plus(
              new ImagesToRead(1, file.bytes(), unchanged ? 1 : 0, unchanged ? file.bytes() : 0));
    }
    return found;
  }

  private ImagesToRead plus(ImagesToRead other) {
    return new ImagesToRead(
        files + other.files,
        bytes + other.bytes,
        known + other.known,
        knownBytes + other.knownBytes);
  }
}
