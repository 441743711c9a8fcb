package dev.assay.job.train.data;

import static dev.assay.job.workspace.Tables.DATASET;
import static dev.assay.job.workspace.Tables.POSITIVE_ID;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import dev.assay.job.failure.SettingsException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Rows in the order of a hash of seed, epoch and ids. Each epoch has another order, which does not
 * depend on the number of partitions. Rows are streamed to the driver, one partition at a time.
 */
public final class ShuffledRows implements Epochs<MinedRow> {
  private static final String ORDER = "__order";
  private static final String NUMBER = "__number";
  private static final String BATCH = "__batch";
  private static final String ALL = "__all";

  private final Dataset<Row> rows;
  private final long length;
  private final int batchSize;
  private final BatchMix mix;
  private final long seed;

  private ShuffledRows(Dataset<Row> rows, long length, int batchSize, BatchMix mix, long seed) {
    this.rows = rows;
    this.length = length;
    this.batchSize = batchSize;
    this.mix = mix;
    this.seed = seed;
  }

  /**
   * Counts the rows.
   *
   * @param rows with {@code query_id}, {@code positive_id}, {@code dataset}; read once an epoch
   * @param key the setting of the batch's size, for messages
   * @throws SettingsException if they do not fill a batch
   */
  public static ShuffledRows of(
      Dataset<Row> rows, int batchSize, BatchMix mix, long seed, String key) {
    List<Row> counts = rows.groupBy(DATASET).count().orderBy("count", DATASET).collectAsList();
    long all = counts.stream().mapToLong(row -> row.getLong(1)).sum();
    if (all < batchSize) {
      throw new SettingsException(
          String.format(
              Locale.ROOT,
              "%s is %,d, but there are only %,d rows to train on",
              key,
              batchSize,
              all));
    }
    long length = all / batchSize * batchSize;
    if (mix == BatchMix.DATASET) {
      Row smallest = counts.get(0);
      if (smallest.getLong(1) < batchSize) {
        throw new SettingsException(
            String.format(
                Locale.ROOT,
                "%s is %,d, but dataset %s has only %,d rows, which do not fill a batch; make"
                    + " batches smaller or mixed",
                key,
                batchSize,
                smallest.getString(0),
                smallest.getLong(1)));
      }
      length = counts.stream().mapToLong(row -> row.getLong(1) / batchSize * batchSize).sum();
    }
    return new ShuffledRows(rows, length, batchSize, mix, seed);
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Iterator<MinedRow> rows(long epoch) {
    Dataset<Row> ordered =
        switch (mix) {
          case MIXED ->
              rows.orderBy(hash(epoch, QUERY_ID, POSITIVE_ID), col(QUERY_ID), col(POSITIVE_ID));
          case DATASET -> byDataset(epoch);
        };
    Iterator<Row> streamed = ordered.toLocalIterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return streamed.hasNext();
      }

      @Override
      public MinedRow next() {
        return MinedRow.of(streamed.next());
      }
    };
  }

  /** Full batches of each dataset, in random order. */
  private Dataset<Row> byDataset(long epoch) {
    Column number =
        row_number()
            .over(Window.partitionBy(DATASET).orderBy(col(ORDER), col(QUERY_ID), col(POSITIVE_ID)))
            .minus(1);
    return rows.withColumn(ORDER, hash(epoch, QUERY_ID, POSITIVE_ID))
        .withColumn(NUMBER, number)
        .withColumn(BATCH, floor(col(NUMBER).divide(batchSize)))
        .withColumn(ALL, count(lit(1)).over(Window.partitionBy(DATASET)))
        .filter(col(BATCH).plus(1).multiply(batchSize).leq(col(ALL)))
        .orderBy(hash(epoch, DATASET, BATCH), col(DATASET), col(NUMBER));
  }

  private Column hash(long epoch, String... columns) {
    Column[] all = new Column[columns.length + 2];
    all[0] = lit(seed);
    all[1] = lit(epoch);
    for (int i = 0; i < columns.length; i++) {
      all[i + 2] = col(columns[i]);
    }
    return xxhash64(all);
  }
}
