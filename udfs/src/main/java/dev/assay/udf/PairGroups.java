package dev.assay.udf;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.StructType;

/**
 * Arranges pairs so that they are cheap to judge: the pairs of one shared side follow each other,
 * so that the shared part of the prompt is run once for a batch of them.
 *
 * <p>The pairs of a shared side are numbered in the order of the other side's content and cut into
 * blocks of {@value #BATCHES_A_BLOCK} batches. A block goes to one partition. So a side with fifty
 * pairs stays in one task and one batch, and a side with a million is spread over many tasks. Which
 * pairs share a batch depends on the rows alone, not on their partitions before.
 *
 * <p>Blocks follow each other by the smallest hash among the images of their other sides: two
 * blocks have it in common with the probability that an image of either is in both (min-wise
 * hashing). So blocks that need the same images are near each other, and an image is encoded for
 * many of them at once.
 *
 * <p>The number of partitions is fixed. Adaptive execution would merge partitions by their bytes,
 * and pairs have few bytes but need much work.
 *
 * @param columns query text, query image, candidate text, candidate image
 * @param hashes content hash of query and of candidate, each empty for none: rows that expect other
 *     content of one side do not share it
 * @param order the sides' order in the prompt
 */
record PairGroups(List<String> columns, List<String> hashes, OrderChoice order) {
  /** Struct column appended last: whether the candidate is the shared side, and its content. */
  static final String SHARED = "__assay_shared";

  /** Batches of one shared side that one task takes: its image is run once for all of them. */
  static final int BATCHES_A_BLOCK = 16;

  private static final String NUMBER = "__assay_number";
  private static final String BLOCK = "__assay_block";
  private static final String NEAR = "__assay_near";

  /** The pairs, with the column {@link #SHARED} behind theirs. */
  Dataset<Row> arrange(Dataset<Row> pairs, int batchSize, int partitions) {
    StructType schema = pairs.schema();
    Column query = content(schema, 0);
    Column candidate = content(schema, 1);
    Column candidateFirst = candidateFirst(schema);
    Column side = when(candidateFirst, candidate).otherwise(query);
    Column other = when(candidateFirst, query).otherwise(candidate);
    Column near = when(length(image(other)).gt(0), xxhash64(image(other)));
    Column number = row_number().over(Window.partitionBy(col(SHARED)).orderBy(other)).minus(1);
    Column block = floor(col(NUMBER).divide(batchSize * BATCHES_A_BLOCK));
    WindowSpec group = Window.partitionBy(col(SHARED), col(BLOCK));
    return pairs
        .withColumn(SHARED, struct(candidateFirst.as("candidate_first"), side.as("content")))
        .withColumn(NUMBER, number)
        .withColumn(BLOCK, block)
        .withColumn(NEAR, coalesce(min(near).over(group), xxhash64(col(SHARED))))
        .repartitionByRange(partitions, col(NEAR), col(SHARED), col(BLOCK))
        .sortWithinPartitions(col(NEAR), col(SHARED), col(NUMBER))
        .drop(NUMBER, BLOCK, NEAR);
  }

  private static Column image(Column content) {
    return content.getField("image");
  }

  /** Whether the candidate is the shared side of a pair. */
  Column candidateFirst(StructType schema) {
    return switch (order) {
      case QUERY_FIRST -> lit(false);
      case CANDIDATE_FIRST -> lit(true);
      case AUTO -> hasImage(schema, columns.get(3)).and(not(hasImage(schema, columns.get(1))));
    };
  }

  /** What makes two sides the same: equal text, and the same image path or image bytes. */
  private Column content(StructType schema, int side) {
    String image = columns.get(2 * side + 1);
    Column text = quoted(columns.get(2 * side)).cast("string");
    String hash = hashes.get(side);
    Column expected = hash.isEmpty() ? lit("") : quoted(hash).cast("string");
    Column path =
        isBinary(schema, image)
            ? concat(lit("sha256:"), sha2(quoted(image), 256))
            : quoted(image).cast("string");
    return struct(
        coalesce(text, lit("")).as("text"),
        coalesce(path, lit("")).as("image"),
        coalesce(expected, lit("")).as("hash"));
  }

  private static Column hasImage(StructType schema, String image) {
    Column column = isBinary(schema, image) ? quoted(image) : quoted(image).cast("string");
    return coalesce(length(column).gt(0), lit(false));
  }

  private static boolean isBinary(StructType schema, String name) {
    return schema.apply(name).dataType() instanceof BinaryType;
  }

  /** A column by its name, dots and all. */
  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
