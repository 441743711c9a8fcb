package dev.assay.job.evaluate.rerank;

import static dev.assay.job.workspace.Tables.CANDIDATE_ID;
import static dev.assay.job.workspace.Tables.LIST;
import static dev.assay.job.workspace.Tables.RANK;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.TestCompute;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.inference.TinyItems;
import dev.assay.job.store.Computation;
import dev.assay.job.store.ComputationContract;
import dev.assay.job.store.StoreTable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

class RankCandidatesTest extends ComputationContract {
  @Override
  protected Computation computation() {
    String model = TinyWorld.FIXTURES.resolve("qwen2-vl").toString();
    return new RankCandidates(model, TestCompute.cpu(8, 1024), "", TinyItems.IMAGES);
  }

  @Override
  protected StoreTable table() {
    return StoreTable.LIST_SCORES;
  }

  /** A list of three, and one of the candidate that cannot be read. */
  @Override
  protected Dataset<Row> wanted() {
    Column alone = col(CANDIDATE_ID).equalTo("c4");
    Dataset<Row> pairs = TinyItems.pairs();
    return TinyItems.pairsWithContents()
        .join(
            pairs.select(
                col("query_hash"),
                col("candidate_hash"),
                when(alone, lit("B")).otherwise(lit("A")).as(LIST),
                when(alone, lit(1L)).otherwise(lit(3L)).as(ListwiseReranking.SIZE),
                when(alone, lit(0)).otherwise(col(CANDIDATE_ID).substr(2, 1).cast("int")).as(RANK)),
            new String[] {"query_hash", "candidate_hash"});
  }
}
