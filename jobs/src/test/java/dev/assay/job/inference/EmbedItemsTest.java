package dev.assay.job.inference;

import dev.assay.job.TestCompute;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.store.Computation;
import dev.assay.job.store.ComputationContract;
import dev.assay.job.store.Slices;
import dev.assay.job.store.StoreTable;
import dev.assay.job.store.Wanted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

class EmbedItemsTest extends ComputationContract {
  @Override
  protected Computation computation() {
    String model = TinyWorld.FIXTURES.resolve("qwen2-vl").toString();
    return new EmbedItems(
        new EmbedJobOptions(model, TestCompute.cpu(2, 1024), Slices.of(1000)), TinyItems.IMAGES);
  }

  @Override
  protected StoreTable table() {
    return StoreTable.EMBEDDINGS;
  }

  @Override
  protected Dataset<Row> wanted() {
    Wanted wanted = EmbedItems.wanted(TinyItems.queries(), TinyItems.candidates());
    return wanted.filled(wanted.keys());
  }
}
