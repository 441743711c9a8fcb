package dev.assay.job.inference;

import dev.assay.job.TestCompute;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.store.Computation;
import dev.assay.job.store.ComputationContract;
import dev.assay.job.store.Slices;
import dev.assay.job.store.StoreTable;
import dev.assay.udf.OrderChoice;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

class JudgePairsTest extends ComputationContract {
  @Override
  protected Computation computation() {
    String model = TinyWorld.FIXTURES.resolve("qwen2-vl").toString();
    return new JudgePairs(
        new JudgeJobOptions(model, TestCompute.cpu(8, 1024), OrderChoice.AUTO, "", Slices.of(1000)),
        TinyItems.IMAGES);
  }

  @Override
  protected StoreTable table() {
    return StoreTable.SCORES;
  }

  @Override
  protected Dataset<Row> wanted() {
    return TinyItems.pairsWithContents();
  }
}
