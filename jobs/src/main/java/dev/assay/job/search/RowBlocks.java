package dev.assay.job.search;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Cuts a partition's rows into blocks of one pool each, holding one block at a time.
 *
 * <p>The rows are those of Spark's own format, in which a vector is read as an array of numbers and
 * not as a list of objects. Spark may use one such row for the next, so each is read before the
 * next is asked for.
 */
final class RowBlocks<B> implements Iterator<Tuple2<String, B>> {
  /** The column of the pool. */
  static final int POOL = 0;

  /** Collects the rows of one block. */
  interface Builder<B> {
    /** Adds what the row says; keeps nothing of the row itself. */
    void add(InternalRow row);

    B build();
  }

  private final Iterator<InternalRow> rows;
  private final int size;
  private final Supplier<Builder<B>> builders;
  private InternalRow ahead;

  /**
   * @param rows whose first column is the pool; a pool's rows stand together
   * @param size rows in a block, at most
   */
  RowBlocks(Iterator<InternalRow> rows, int size, Supplier<Builder<B>> builders) {
    this.rows = rows;
    this.size = size;
    this.builders = builders;
    this.ahead = rows.hasNext() ? rows.next() : null;
  }

  @Override
  public boolean hasNext() {
    return ahead != null;
  }

  /** The next block, with its pool. */
  @Override
  public Tuple2<String, B> next() {
    if (ahead == null) {
      throw new NoSuchElementException();
    }
    String pool = pool(ahead);
    Builder<B> block = builders.get();
    for (int i = 0; i < size && ahead != null && pool(ahead).equals(pool); i++) {
      block.add(ahead);
      ahead = rows.hasNext() ? rows.next() : null;
    }
    return new Tuple2<>(pool, block.build());
  }

  private static String pool(InternalRow row) {
    return row.getUTF8String(POOL).toString();
  }
}
