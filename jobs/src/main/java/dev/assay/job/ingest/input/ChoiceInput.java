package dev.assay.job.ingest.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.struct;

import dev.assay.job.workspace.Tables;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** Queries with their choices ({@link ChoiceEntry}), the first of which is the positive. */
public final class ChoiceInput implements Input {
  private static final String CHOICE = "choice";

  private final Dataset<Row> entries;
  private final Dataset<Row> images;
  private final boolean offered;
  private final int partitions;

  /**
   * @param entries columns as {@link ChoiceEntry#SCHEMA}
   * @param images as {@link #images}
   * @param offered whether the query is a question to be answered with one of the choices; false if
   *     the choices are only examples
   * @param partitions of the items: so many tasks read images
   */
  public ChoiceInput(Dataset<Row> entries, Dataset<Row> images, boolean offered, int partitions) {
    this.entries = entries;
    this.images = images;
    this.offered = offered;
    this.partitions = partitions;
  }

  @Override
  public JavaRDD<String> images() {
    return images.as(Encoders.STRING()).javaRDD();
  }

  @Override
  public JavaRDD<FoundItem> items() {
    Dataset<Row> usable = usable();
    Dataset<Row> choices = usable.withColumn(CHOICE, explode(col(ChoiceEntry.CHOICES)));
    return items(usable, Found.QUERY, Found.QUERY)
        .union(items(choices, Found.CANDIDATE, CHOICE))
        .repartition(partitions, col(Found.KIND), col(Tables.ID))
        .groupBy(Found.KIND, Tables.ID)
        .agg(
            min(Found.ORDINAL).as(Found.ORDINAL),
            min_by(
                    struct(Tables.DATASET, Tables.TEXT, Tables.IMAGE, Tables.SOURCE),
                    col(Found.ORDINAL))
                .as("first"))
        .select(
            col(Found.KIND),
            col(Tables.ID),
            col("first.dataset"),
            col("first.text"),
            col("first.image"),
            col(Found.ORDINAL),
            col("first.source"))
        .javaRDD()
        .map(FoundItem::of);
  }

  private static Dataset<Row> items(Dataset<Row> entries, String kind, String column) {
    return entries.select(
        lit(kind).as(Found.KIND),
        col(column + ".id").as(Tables.ID),
        col(Tables.DATASET),
        col(column + ".text").as(Tables.TEXT),
        col(column + ".image").as(Tables.IMAGE),
        col(Found.ORDINAL),
        col(Tables.SOURCE));
  }

  @Override
  public JavaRDD<FoundPair> positives() {
    return FoundPair.of(entries, col(ChoiceEntry.CHOICES).getItem(0).getField(Tables.ID));
  }

  @Override
  public Optional<Dataset<Row>> choices() {
    if (!offered) {
      return Optional.empty();
    }
    Dataset<Row> choices =
        usable()
            .select(
                col("query.id").as(Tables.QUERY_ID),
                posexplode(col(ChoiceEntry.CHOICES)).as(new String[] {Tables.PLACE, CHOICE}));
    return Optional.of(
        choices
            .groupBy(col(Tables.QUERY_ID), col(CHOICE + ".id").as(Tables.CANDIDATE_ID))
            .agg(min(Tables.PLACE).as(Tables.PLACE)));
  }

  private Dataset<Row> usable() {
    return entries.where(col(Tables.REASON).isNull());
  }
}
