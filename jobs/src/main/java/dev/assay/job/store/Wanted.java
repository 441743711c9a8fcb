package dev.assay.job.store;

import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.IMAGE;
import static dev.assay.job.workspace.Tables.TEXT;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a {@link ResultStore} is asked for. Keys and contents are apart, so that what is missing is
 * found without moving a text.
 *
 * @param keys the columns of the store's key but its last, the fingerprint; also what {@link
 *     Computation.Identified#sign} reads, and what else is to reach the computation. Rows may be
 *     equal
 * @param sides the contents of a row of keys
 */
public record Wanted(Dataset<Row> keys, List<Side> sides) {
  /**
   * A content of a row.
   *
   * @param hash column of the keys
   * @param text column that the content's text gets
   * @param image column that the content's image gets
   * @param contents {@code content_hash, text, image}, one row for each content
   */
  public record Side(String hash, String text, String image, Dataset<Row> contents) {
    private Dataset<Row> join(Dataset<Row> rows) {
      Dataset<Row> named =
          contents.select(col(CONTENT_HASH).as(hash), col(TEXT).as(text), col(IMAGE).as(image));
      return rows.join(named, hash);
    }

    /** With the contents of some rows alone. Their hashes go to all contents, not the reverse. */
    private Side of(Dataset<Row> rows) {
      Dataset<Row> hashes = rows.select(col(hash).as(CONTENT_HASH)).distinct();
      String[] by = {CONTENT_HASH};
      return with(contents.join(broadcast(hashes), by, "left_semi"));
    }

    private Side with(Dataset<Row> others) {
      return new Side(hash, text, image, others);
    }
  }

  /** Rows without the columns that {@link #filled} adds. */
  Dataset<Row> bare(Dataset<Row> rows) {
    return rows.drop(
        sides.stream()
            .flatMap(side -> Stream.of(side.text(), side.image()))
            .toArray(String[]::new));
  }

  /** Rows with the texts and images of their contents. */
  public Dataset<Row> filled(Dataset<Row> rows) {
    Dataset<Row> filled = bare(rows);
    for (Side side : sides) {
      filled = side.join(filled);
    }
    return filled;
  }

  /** The same for few rows of many. */
  Dataset<Row> filledFew(Dataset<Row> rows) {
    return new Wanted(keys, sides.stream().map(side -> side.of(rows)).toList()).filled(rows);
  }

  /** The same with contents that were kept somewhere. */
  Wanted keeping(UnaryOperator<Dataset<Row>> keep) {
    return new Wanted(
        keys, sides.stream().map(side -> side.with(keep.apply(side.contents()))).toList());
  }
}
