package dev.assay.job.ingest.pack;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.regexp_extract;

import dev.assay.job.JobContext;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import dev.assay.pack.PackedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The workspace's packs, and where each image lies in them: {@code store/packed_images}. */
record PackIndex(JobContext context) {
  private static final int MOST_COMMITS = 64;
  private static final String PACK_OF_IMAGE = "^pack:(" + PackedImage.FILE + "):";
  private static final StructType FILES =
      new StructType().add("pack", DataTypes.StringType).add("pack_bytes", DataTypes.LongType);

  /** One row for each image that lies in a pack that is there and long enough. */
  Dataset<Row> rows() {
    if (!context.workspace().has(Tables.PACKED_IMAGES)) {
      StructType columns = Tables.schema(Tables.PACKED_IMAGES).orElseThrow();
      return context.spark().createDataFrame(List.of(), columns);
    }
    List<Row> there =
        files().stream()
            .map(file -> RowFactory.create(file.getPath().getName(), file.getLen()))
            .toList();
    return context
        .read(Tables.PACKED_IMAGES)
        .join(broadcast(context.spark().createDataFrame(there, FILES)), "pack")
        .where(col("offset").plus(col("length")).leq(col("pack_bytes")))
        .drop("pack_bytes")
        .dropDuplicates(Tables.IMAGE_HASH);
  }

  /** Forgets where images lie. The packs stay, since tables may name them. */
  void forget() {
    if (context.workspace().has(Tables.PACKED_IMAGES)) {
      context.workspace().remove(Tables.PACKED_IMAGES);
    }
  }

  /**
   * Removes the packs that neither the workspace's tables nor these rows name.
   *
   * @param written the next rows of these tables
   */
  void removeUnused(List<Dataset<Row>> written) {
    List<FileStatus> files = files();
    if (files.isEmpty()) {
      return;
    }
    Workspace workspace = context.workspace();
    List<Dataset<Row>> tables = new ArrayList<>(written);
    List.of(Tables.QUERIES, Tables.CANDIDATES).stream()
        .filter(workspace::has)
        .map(workspace::read)
        .forEach(tables::add);
    Set<String> used = new HashSet<>();
    tables.forEach(table -> used.addAll(packsOf(table)));
    List<Path> unused =
        files.stream().map(FileStatus::getPath).filter(p -> !used.contains(p.getName())).toList();
    shrink(used, !unused.isEmpty());
    workspace.verify();
    unused.forEach(workspace::discard);
  }

  /** Rewrites the table without packs that are not used, or because it has many commits. */
  private void shrink(Set<String> used, boolean removes) {
    int commits =
        context
            .workspace()
            .find(Tables.PACKED_IMAGES)
            .map(Manifest::commits)
            .orElse(List.of())
            .size();
    if (commits > 0 && (removes || commits > MOST_COMMITS)) {
      Dataset<Row> kept = rows().where(col("pack").isInCollection(used));
      context.replace(Tables.PACKED_IMAGES, kept.hint("rebalance"));
    }
  }

  private static List<String> packsOf(Dataset<Row> items) {
    return items
        .select(regexp_extract(col(Tables.IMAGE), PACK_OF_IMAGE, 1).as("pack"))
        .where(col("pack").notEqual(""))
        .distinct()
        .as(Encoders.STRING())
        .collectAsList();
  }

  /** All files of the folder, drafts of killed writers included. */
  private List<FileStatus> files() {
    Path folder = context.workspace().packs();
    try {
      FileSystem storage =
          folder.getFileSystem(context.spark().sparkContext().hadoopConfiguration());
      return List.of(storage.listStatus(folder));
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}
