package dev.assay.udf.task;

import dev.assay.embed.ItemEncoder;
import dev.assay.item.Item;
import dev.assay.udf.rows.Batches;
import dev.assay.udf.rows.ItemColumns;
import dev.assay.udf.rows.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Embeds one item a row.
 *
 * @param item its columns
 */
public record ItemEmbedding(ItemColumns item) implements RowWork<ItemEncoder, float[]> {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean together(Row first, Row row) {
    return true;
  }

  @Override
  public void soon(List<Row> rows, TaskItems<ItemEncoder> items) {
    rows.forEach(row -> items.soon(row, item));
  }

  @Override
  public List<Outcome<float[]>> outcomes(List<Row> rows, TaskItems<ItemEncoder> items) {
    List<Outcome<Item>> read = new ArrayList<>(rows.size());
    for (Row row : rows) {
      read.add(items.read(row, item));
    }
    ItemEncoder encoder = items.model();
    Batches<Item, float[]> batches =
        new Batches<>(
            batch -> Arrays.asList(encoder.encode(batch)), ItemEmbedding::finite, encoder::release);
    return TaskItems.answer(read, batches::run);
  }

  /** NaN never reaches a table. */
  private static Outcome<float[]> finite(float[] vector) {
    for (float x : vector) {
      if (!Float.isFinite(x)) {
        return Outcome.bad("nan_embedding", "the embedding holds " + x);
      }
    }
    return Outcome.good(vector);
  }

  @Override
  public String fingerprint(List<Row> rows, ItemEncoder model) {
    return model.fingerprint();
  }
}
