package dev.assay.udf.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class RowBatchesTest {
  @Test
  void laterBatchesAreAnnouncedInOrderBeforeAnEarlierOneIsProcessed() {
    List<String> log = new ArrayList<>();
    List<Row> rows = IntStream.range(0, 7).mapToObj(RowFactory::create).toList();
    RowBatches batches =
        new RowBatches(
            rows.iterator(),
            2,
            (first, row) -> first.getInt(0) / 4 == row.getInt(0) / 4, // 0 to 3, 4 to 6
            batch -> log.add("soon " + batch),
            batch -> {
              log.add("now " + batch);
              return batch;
            });
    List<Row> done = new ArrayList<>();
    batches.forEachRemaining(done::add);

    assertEquals(rows, done);
    assertFalse(batches.hasNext());
    assertEquals(
        List.of(
            "soon [[2], [3]]",
            "soon [[4], [5]]",
            "now [[0], [1]]",
            "soon [[6]]",
            "now [[2], [3]]",
            "now [[4], [5]]",
            "now [[6]]"),
        log);
  }
}
