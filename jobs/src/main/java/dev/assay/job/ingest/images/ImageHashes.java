package dev.assay.job.ingest.images;

import dev.assay.job.JobContext;
import dev.assay.job.ingest.input.FoundItem;
import dev.assay.job.ingest.input.RowsOneByOne;
import dev.assay.job.workspace.GrowingTable;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * Hashes the contents of items, and remembers the hashes of image files in {@code
 * store/image_hashes}: a file whose path, length and time of change are known is not read again.
 * They are remembered slice by slice, so that a killed run continues after its last slice. An input
 * of less than one slice is read whole, which takes less time than to remember it.
 *
 * <p>A file that was replaced by one of the same length, with its time set back, is not noticed.
 *
 * @param sliceSize items that are read between two commits
 * @param rehash whether everything is read and what is remembered is dropped
 */
public record ImageHashes(int sliceSize, boolean rehash) {
  private static final int MOST_COMMITS = 64;

  /**
   * The items with their hashes or reasons. Unpersist them when they were used.
   *
   * @param total how many they are
   * @param done is increased by one for each of them
   */
  public JavaRDD<HashedItem> of(
      JavaRDD<FoundItem> found,
      long total,
      ReadImages read,
      LongAccumulator done,
      JobContext context) {
    if (context.workspace().has(Tables.IMAGE_HASHES) && (rehash || isOld(context))) {
      context.workspace().remove(Tables.IMAGE_HASHES);
    }
    if (total < sliceSize) {
      return found.mapPartitions(items -> all(items, read.reader(), done));
    }
    int tasks = 4 * found.context().defaultParallelism();
    int slices = Math.toIntExact(total / sliceSize);
    JavaRDD<HashedItem> hashed =
        found
            .mapPartitionsToPair(items -> keyed(items, read.reader()))
            .cogroup(known(context, found), new HashPartitioner(slices * tasks))
            .values()
            .mapPartitions(groups -> together(groups, read.reader(), done))
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    GrowingTable table = context.grow(Tables.IMAGE_HASHES);
    for (int i = 0; i < slices; i++) {
      commit(SomePartitions.of(hashed, i * tasks, (i + 1) * tasks), table, context);
    }
    compact(context);
    return hashed;
  }

  /** Whether what is remembered lacks what is asked today. */
  private static boolean isOld(JobContext context) {
    String columns = Tables.schema(Tables.IMAGE_HASHES).orElseThrow().json();
    return !context.workspace().manifest(Tables.IMAGE_HASHES).columns().equals(columns);
  }

  private static Iterator<HashedItem> all(
      Iterator<FoundItem> items, ReadImages.Reader reader, LongAccumulator done) {
    return mapped(
        items,
        item -> {
          HashedItem hashed = new HashedItem(reader.read(item), null);
          done.add(1);
          return hashed;
        });
  }

  private static Iterator<Tuple2<String, FoundItem>> keyed(
      Iterator<FoundItem> items, ReadImages.Reader reader) {
    return mapped(items, item -> new Tuple2<>(reader.key(item), item));
  }

  private static <S, T> Iterator<T> mapped(Iterator<S> rows, Function<S, T> each) {
    return new RowsOneByOne<>() {
      @Override
      protected T advance() {
        return rows.hasNext() ? each.apply(rows.next()) : null;
      }
    };
  }

  private static JavaPairRDD<String, FileHash> known(JobContext context, JavaRDD<?> like) {
    return context.workspace().has(Tables.IMAGE_HASHES)
        ? context
            .read(Tables.IMAGE_HASHES)
            .javaRDD()
            .map(FileHash::of)
            .mapToPair(hash -> new Tuple2<>(hash.key(), hash))
        : JavaSparkContext.fromSparkContext(like.context())
            .parallelize(List.<FileHash>of(), 1)
            .mapToPair(hash -> new Tuple2<>(hash.key(), hash));
  }

  private static Iterator<HashedItem> together(
      Iterator<Tuple2<Iterable<FoundItem>, Iterable<FileHash>>> groups,
      ReadImages.Reader reader,
      LongAccumulator done) {
    return new RowsOneByOne<>() {
      private Iterator<FoundItem> items = Collections.emptyIterator();
      private Iterable<FileHash> known = List.of();

      @Override
      protected HashedItem advance() {
        while (!items.hasNext()) {
          if (!groups.hasNext()) {
            return null;
          }
          Tuple2<Iterable<FoundItem>, Iterable<FileHash>> group = groups.next();
          items = group._1().iterator();
          known = group._2();
        }
        HashedItem hashed = reader.read(items.next(), known);
        if (hashed.learned() != null) {
          known = List.of(hashed.learned()); // for equal items
        }
        done.add(1);
        return hashed;
      }
    };
  }

  /** Reads the images of a slice, and remembers those that were read. */
  private static void commit(JavaRDD<HashedItem> slice, GrowingTable table, JobContext context) {
    JavaRDD<Row> learned =
        slice.map(HashedItem::learned).filter(Objects::nonNull).map(FileHash::row);
    if (learned.count() > 0) {
      StructType columns = Tables.schema(Tables.IMAGE_HASHES).orElseThrow();
      table.add(table.stage(context.spark().createDataFrame(learned.coalesce(1), columns)));
    }
  }

  private static void compact(JobContext context) {
    int commits =
        context
            .workspace()
            .find(Tables.IMAGE_HASHES)
            .map(Manifest::commits)
            .orElse(List.of())
            .size();
    if (commits > MOST_COMMITS) {
      Dataset<Row> all = context.read(Tables.IMAGE_HASHES);
      context.replace(Tables.IMAGE_HASHES, all.hint("rebalance"));
    }
  }
}
