package dev.assay.job;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Rows that Spark keeps until this object is closed, also where later work with them fails. */
public final class PersistedRows implements AutoCloseable {
  private final StorageLevel level;
  private final List<Dataset<Row>> kept = new ArrayList<>();

  private PersistedRows(StorageLevel level) {
    this.level = level;
  }

  /** Rows in memory, and on disk where memory does not suffice. */
  public static PersistedRows inMemory() {
    return new PersistedRows(StorageLevel.MEMORY_AND_DISK());
  }

  /** Rows on disk alone. */
  public static PersistedRows onDisk() {
    return new PersistedRows(StorageLevel.DISK_ONLY());
  }

  /** Keeps rows from the time that they are first computed. */
  public Dataset<Row> keep(Dataset<Row> rows) {
    kept.add(rows.persist(level));
    return rows;
  }

  @Override
  public void close() {
    kept.forEach(Dataset::unpersist);
  }
}
