package dev.assay.job.search;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** Cuts a partition's rows into blocks of one pool each, holding one block at a time. */
final class RowBlocks<B> implements Iterator<Tuple2<String, B>> {
  private final Iterator<Row> rows;
  private final int size;
  private final Function<List<Row>, B> toBlock;
  private Row ahead;

  /**
   * @param rows with a column {@link Searchable#POOL}; a pool's rows stand together
   * @param size rows in a block, at most
   */
  RowBlocks(Iterator<Row> rows, int size, Function<List<Row>, B> toBlock) {
    this.rows = rows;
    this.size = size;
    this.toBlock = toBlock;
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
    List<Row> block = new ArrayList<>();
    while (ahead != null && block.size() < size && pool(ahead).equals(pool)) {
      block.add(ahead);
      ahead = rows.hasNext() ? rows.next() : null;
    }
    return new Tuple2<>(pool, toBlock.apply(block));
  }

  private static String pool(Row row) {
    return row.getAs(Searchable.POOL);
  }
}
