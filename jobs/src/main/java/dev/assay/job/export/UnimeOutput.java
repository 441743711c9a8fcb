package dev.assay.job.export;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.posexplode_outer;
import static org.apache.spark.sql.functions.struct;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.item.ItemText;
import dev.assay.job.JobContext;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.workspace.Tables;
import dev.assay.pack.PackedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Mined negatives as the JSON list that UniME-V2's authors publish and train on: texts with an
 * image begin {@code <|image_1|>\n}, image paths are relative, no image is "". The path of an image
 * that was packed is that of its file before.
 */
final class UnimeOutput {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String imageRoot;

  private UnimeOutput(String imageRoot) {
    this.imageRoot = imageRoot;
  }

  /**
   * Writes an entry for every row of {@code negatives}.
   *
   * @return how many
   */
  static long write(JobContext context, OutputStream out) throws IOException {
    UnimeOutput output = new UnimeOutput(context.workspace().givenImageRoot());
    Iterator<Row> rows = rows(context).toLocalIterator();
    long count = 0;
    while (rows.hasNext()) {
      out.write((count == 0 ? "[\n" : ",\n").getBytes(StandardCharsets.UTF_8));
      out.write(JSON.writeValueAsBytes(output.entry(rows.next())));
      count++;
    }
    out.write((count == 0 ? "[]\n" : "\n]\n").getBytes(StandardCharsets.UTF_8));
    return count;
  }

  /** The table with its ids resolved to items, sorted by query and positive. */
  private static Dataset<Row> rows(JobContext context) {
    Dataset<Row> negatives = context.read(Tables.NEGATIVES);
    Dataset<Row> lists =
        negatives
            .select(
                col(Tables.QUERY_ID),
                col(Tables.POSITIVE_ID),
                posexplode_outer(col(Tables.NEGATIVES)).as(new String[] {"at", "negative"}))
            .withColumn("negative_id", col("negative.candidate_id"))
            .withColumn(Tables.SCORE, col("negative.score"))
            .join(
                items(context, Tables.CANDIDATES, "negative_id", "item"),
                "negative_id",
                "left_outer")
            .where(col("at").isNotNull())
            .groupBy(Tables.QUERY_ID, Tables.POSITIVE_ID)
            .agg(
                array_sort(collect_list(struct("at", Tables.SCORE, "negative_id", "item")))
                    .as("list"));
    return negatives
        .drop(Tables.NEGATIVES)
        .join(
            lists,
            scala.jdk.javaapi.CollectionConverters.asScala(
                    List.of(Tables.QUERY_ID, Tables.POSITIVE_ID))
                .toSeq(),
            "left_outer")
        .join(
            items(context, Tables.QUERIES, Tables.QUERY_ID, "query"), Tables.QUERY_ID, "left_outer")
        .join(
            items(context, Tables.CANDIDATES, Tables.POSITIVE_ID, "positive"),
            Tables.POSITIVE_ID,
            "left_outer")
        .sort(Tables.QUERY_ID, Tables.POSITIVE_ID);
  }

  private static Dataset<Row> items(JobContext context, String table, String id, String as) {
    Dataset<Row> items = context.read(table);
    return items.select(
        items.col(items.columns()[0]).as(id), struct(Tables.TEXT, Tables.IMAGE).as(as));
  }

  private ObjectNode entry(Row row) {
    ObjectNode entry = JSON.createObjectNode();
    Row query = known(row, "query", Tables.QUERY_ID);
    Row positive = known(row, "positive", Tables.POSITIVE_ID);
    entry.put("query_text", text(query)).put("query_image", image(query));
    entry.put("pos_text", text(positive)).put("pos_image", image(positive));
    entry.put("query_pos_scores", row.<Float>getAs(Tables.POSITIVE_SCORE));
    ArrayNode items = entry.putArray("hard_negatives");
    ArrayNode scores = entry.putArray("hard_negatives_scores");
    List<Row> list =
        row.isNullAt(row.fieldIndex("list")) ? List.of() : row.getList(row.fieldIndex("list"));
    for (Row negative : list) {
      Row item = known(negative, "item", "negative_id");
      items.addArray().add(text(item)).add(image(item));
      scores.add(negative.<Float>getAs(Tables.SCORE));
    }
    return entry;
  }

  private static Row known(Row row, String item, String id) {
    Row found = row.getAs(item);
    if (found == null) {
      throw new JobFailedException(
          "Cannot export negatives: "
              + row.getAs(id)
              + " is no longer in the workspace; run `assay mine` again");
    }
    return found;
  }

  private String text(Row item) {
    String text = item.getString(0) == null ? "" : item.getString(0);
    boolean marked = text.contains(ItemText.IMAGE_MARKER);
    return item.getString(1) == null || marked ? text : ItemText.IMAGE_MARKER + "\n" + text;
  }

  private String image(Row item) {
    if (item.isNullAt(1)) {
      return "";
    }
    String image = PackedImage.nameOf(item.getString(1));
    String folder = imageRoot + "/";
    String path =
        org.apache.hadoop.fs.Path.getPathWithoutSchemeAndAuthority(
                    new org.apache.hadoop.fs.Path(folder))
                .toString()
            + "/";
    if (image.startsWith(folder)) {
      return image.substring(folder.length());
    }
    return image.startsWith(path) ? image.substring(path.length()) : image;
  }
}
