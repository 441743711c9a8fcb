package dev.assay.job.train.data;

import static dev.assay.job.workspace.Tables.DATASET;
import static dev.assay.job.workspace.Tables.POSITIVE_ID;
import static dev.assay.job.workspace.Tables.QUERY_ID;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.xxhash64;

import dev.assay.job.failure.SettingsException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Rows in the order of a hash of seed, epoch and ids. Each epoch has another order, which does not
 * depend on the number of partitions. The rows of an epoch are written in its order once, so that a
 * run that goes on finds the next one by its place. Short epochs are written together.
 */
public final class ShuffledRows implements Epochs<MinedRow> {
  /** Epochs are written together up to so many rows. */
  private static final long TOGETHER = 1 << 14;

  /** Rows that the driver reads at a time: a Spark job each. */
  private static final int READ = 512;

  private static final String EPOCH = "__epoch";
  private static final String ORDER = "__order";
  private static final String NUMBER = "__number";
  private static final String BATCH = "__batch";
  private static final String ALL = "__all";

  private final Dataset<Row> rows;
  private final Shuffle shuffle;
  private final OrderFolder folder;
  private final long length;
  private final long written;
  private final long together;

  /**
   * How rows are shuffled.
   *
   * @param batchSize rows of a batch
   * @param mix whether a batch has rows of one dataset or of all
   */
  public record Shuffle(int batchSize, BatchMix mix, long seed) {}

  private ShuffledRows(
      Dataset<Row> rows,
      Shuffle shuffle,
      OrderFolder folder,
      long length,
      long written,
      long together) {
    this.rows = rows;
    this.shuffle = shuffle;
    this.folder = folder;
    this.length = length;
    this.written = written;
    this.together = together;
  }

  /**
   * Counts the rows.
   *
   * @param rows with {@code query_id}, {@code positive_id}, {@code dataset}; read once to count
   *     them, and whenever epochs are put in order
   * @param folder takes the rows in their order
   * @param key the setting of the batch's size, for messages
   * @throws SettingsException if they do not fill a batch
   */
  public static ShuffledRows of(
      Dataset<Row> rows, Shuffle shuffle, OrderFolder folder, String key) {
    int batchSize = shuffle.batchSize();
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
    long written = all;
    if (shuffle.mix() == BatchMix.DATASET) {
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
      written = length;
    }
    return new ShuffledRows(
        rows, shuffle, folder, length, written, Math.max(1, TOGETHER / written));
  }

  /** The same for a run of so many steps: no later epoch is put in order. */
  public ShuffledRows upTo(long steps) {
    long ofAnEpoch = length / shuffle.batchSize();
    long epochs = (steps + ofAnEpoch - 1) / ofAnEpoch;
    return new ShuffledRows(
        rows, shuffle, folder, length, written, Math.max(1, Math.min(together, epochs)));
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Iterator<MinedRow> rows(long epoch, long from) {
    long first = epoch / together * together;
    OrderedRows ordered =
        folder.of(first + " " + together, rows, () -> ordered(first, first + together - 1));
    long start = (epoch - first) * written;
    return new Iterator<>() {
      private long at = from;
      private Iterator<Row> read = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        return read.hasNext() || at < written;
      }

      @Override
      public MinedRow next() {
        if (!read.hasNext()) {
          long to = Math.min(written, at + READ);
          read = ordered.read(start + at, start + to).iterator();
          at = to;
        }
        return MinedRow.of(read.next());
      }
    };
  }

  /** The rows of some epochs, one epoch after the other. */
  private Dataset<Row> ordered(long firstEpoch, long lastEpoch) {
    Dataset<Row> all =
        rows.withColumn(EPOCH, explode(sequence(lit(firstEpoch), lit(lastEpoch))))
            .withColumn(ORDER, hash(QUERY_ID, POSITIVE_ID));
    Dataset<Row> ordered =
        switch (shuffle.mix()) {
          case MIXED -> all.orderBy(EPOCH, ORDER, QUERY_ID, POSITIVE_ID);
          case DATASET -> byDataset(all);
        };
    return ordered.drop(EPOCH, ORDER, NUMBER, BATCH, ALL);
  }

  /** Full batches of each dataset, in random order. */
  private Dataset<Row> byDataset(Dataset<Row> all) {
    Column number =
        row_number()
            .over(
                Window.partitionBy(EPOCH, DATASET)
                    .orderBy(col(ORDER), col(QUERY_ID), col(POSITIVE_ID)))
            .minus(1);
    int batchSize = shuffle.batchSize();
    return all.withColumn(NUMBER, number)
        .withColumn(BATCH, floor(col(NUMBER).divide(batchSize)))
        .withColumn(ALL, count(lit(1)).over(Window.partitionBy(EPOCH, DATASET)))
        .filter(col(BATCH).plus(1).multiply(batchSize).leq(col(ALL)))
        .orderBy(col(EPOCH), hash(DATASET, BATCH), col(DATASET), col(NUMBER));
  }

  private Column hash(String... columns) {
    Column[] all = new Column[columns.length + 2];
    all[0] = lit(shuffle.seed());
    all[1] = col(EPOCH);
    for (int i = 0; i < columns.length; i++) {
      all[i + 2] = col(columns[i]);
    }
    return xxhash64(all);
  }
}
