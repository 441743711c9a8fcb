package dev.assay.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TallyTest {
  @TempDir Path folder;

  @Test
  void countsWhatIsWrittenAllOfItAndByValue() {
    Tally tally = new Tally();
    write(tally.of(fruits(100), "fruit", List.of("apple", "pear", "plum")));

    assertEquals(100, tally.rows());
    assertEquals(Map.of("apple", 34L, "pear", 33L), tally.kinds());
  }

  @Test
  void countsNothingWhereThereAreNoRows() {
    Tally filtered = new Tally();
    write(filtered.of(fruits(100).where("fruit = 'plum'"), "fruit", List.of("plum")));
    assertEquals(0, filtered.rows());
    assertEquals(Map.of(), filtered.kinds());

    Tally none = new Tally();
    write(none.of(fruits(0)));
    assertEquals(0, none.rows());
  }

  /** Apples, pears and cherries in turn, in three partitions. */
  private static Dataset<Row> fruits(int rows) {
    return TestSpark.session()
        .range(rows)
        .selectExpr("elt(1 + id % 3, 'apple', 'pear', 'cherry') fruit")
        .repartition(3);
  }

  private void write(Dataset<Row> rows) {
    rows.write().mode("overwrite").parquet(folder.resolve("rows").toString());
  }
}
