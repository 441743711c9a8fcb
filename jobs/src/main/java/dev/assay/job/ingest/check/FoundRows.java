package dev.assay.job.ingest.check;

import dev.assay.image.ImageFolder;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.FoundItem;
import dev.assay.job.ingest.input.FoundPair;
import dev.assay.job.workspace.Tables;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Resolved items and pairs as rows of the tables. */
public record FoundRows(SparkSession spark, JavaRDD<FoundItem> allItems, JavaRDD<FoundPair> pairs) {
  private static final StructType UNUSABLE =
      new StructType()
          .add(Tables.ID, DataTypes.StringType)
          .add(Tables.REASON, DataTypes.StringType)
          .add(Tables.DETAIL, DataTypes.StringType)
          .add(Tables.SOURCE, DataTypes.StringType);

  /** What the image column said, or null if it held the image itself. */
  public static final String IMAGE_NAME = "image_name";

  /**
   * Usable items of a kind: the columns of the table, then {@link Tables#IMAGE_HASH} and {@link
   * Tables#IMAGE_BYTES} of the image file and {@link #IMAGE_NAME}.
   *
   * @param limit to which texts are cut
   */
  public Dataset<Row> items(String kind, TextLimit limit) {
    String table = kind.equals(Found.QUERY) ? Tables.QUERIES : Tables.CANDIDATES;
    JavaRDD<Row> rows =
        allItems
            .filter(item -> item.usable() && item.kind().equals(kind))
            .map(
                item ->
                    RowFactory.create(
                        item.id(),
                        item.dataset(),
                        limit.cut(item.text()),
                        item.image(),
                        item.hash(),
                        item.content().imageHash(),
                        item.content().imageBytes(),
                        ImageFolder.isInline(item.image()) ? null : item.image()));
    StructType columns =
        Tables.schema(table)
            .orElseThrow()
            .add(Tables.IMAGE_HASH, DataTypes.StringType)
            .add(Tables.IMAGE_BYTES, DataTypes.LongType)
            .add(IMAGE_NAME, DataTypes.StringType);
    return spark.createDataFrame(rows, columns);
  }

  /** Usable pairs. */
  public Dataset<Row> positives() {
    JavaRDD<Row> rows =
        pairs
            .filter(FoundPair::usable)
            .map(pair -> RowFactory.create(pair.queryId(), pair.candidateId()));
    return spark.createDataFrame(rows, Tables.schema(Tables.POSITIVES).orElseThrow());
  }

  /** Items and pairs that have a reason, as {@code JobContext.quarantine} takes them. */
  public Dataset<Row> unusable() {
    JavaRDD<Row> items =
        allItems
            .filter(item -> !item.usable())
            .map(item -> RowFactory.create(item.id(), item.reason(), item.detail(), item.source()));
    JavaRDD<Row> ofPairs =
        pairs
            .filter(pair -> !pair.usable())
            .map(pair -> RowFactory.create(ids(pair), pair.reason(), pair.detail(), pair.source()));
    return spark.createDataFrame(items.union(ofPairs), UNUSABLE);
  }

  private static String ids(FoundPair pair) {
    return Stream.of(pair.queryId(), pair.candidateId())
        .filter(Objects::nonNull)
        .collect(Collectors.joining(" -> "));
  }
}
