package dev.assay.job.store;

import dev.assay.job.workspace.GrowingTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The commits that fill a store. Whenever there are many of one size they are merged, and those
 * merged ones in their turn, so that there are never many and each row is rewritten only a few
 * times. Commits of earlier fills stay as they are: somebody may be about to read them.
 */
final class Commits {
  private static final int MOST = 64;

  private final GrowingTable table;
  private final int most;

  /** By how often they were merged. */
  private final List<List<String>> levels = new ArrayList<>();

  Commits(GrowingTable table) {
    this(table, MOST);
  }

  /**
   * @param most commits of one size
   */
  Commits(GrowingTable table, int most) {
    this.table = table;
    this.most = most;
  }

  /** Writes rows and makes them visible. Several threads may call this. */
  void append(Dataset<Row> rows) {
    String staged = table.stage(rows);
    synchronized (this) {
      table.add(staged);
      level(0).add(staged);
    }
    for (int level = 0; merge(level); level++) {}
  }

  private boolean merge(int level) {
    List<String> full;
    synchronized (this) {
      if (level(level).size() <= most) {
        return false;
      }
      full = List.copyOf(level(level));
      level(level).clear();
    }
    String merged = table.stage(table.read(full).hint("rebalance"));
    synchronized (this) {
      table.replace(full, merged);
      level(level + 1).add(merged);
    }
    return true;
  }

  private List<String> level(int number) {
    while (levels.size() <= number) {
      levels.add(new ArrayList<>());
    }
    return levels.get(number);
  }

  /** The rows of this fill, failures too. Call it when the last was appended. */
  synchronized Dataset<Row> rows() {
    return table.read(levels.stream().flatMap(List::stream).toList());
  }
}
