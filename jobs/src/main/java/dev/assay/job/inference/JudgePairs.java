package dev.assay.job.inference;

import static dev.assay.job.inference.PairTable.CANDIDATE_IMAGE;
import static dev.assay.job.inference.PairTable.CANDIDATE_TEXT;
import static dev.assay.job.inference.PairTable.QUERY_IMAGE;
import static dev.assay.job.inference.PairTable.QUERY_TEXT;
import static dev.assay.job.workspace.Tables.CANDIDATE_HASH;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.JUDGE;
import static dev.assay.job.workspace.Tables.MARGIN;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.JobContext;
import dev.assay.job.store.Computation;
import dev.assay.job.store.Costs;
import dev.assay.job.store.TokenCounts;
import dev.assay.udf.Judge;
import dev.assay.udf.task.ImageCounter;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/**
 * Judges pairs. Those of one shared side stay together: it is run once for them.
 *
 * @param imageRoot folder of the items' images; empty: that of the job's workspace
 */
public record JudgePairs(JudgeJobOptions options, String imageRoot) implements Computation {
  /** Small enough that a lost task costs minutes, large enough to share images within it. */
  private static final int PAIRS_A_TASK = 1024;

  /** Pairs of the workspace that the job runs on. */
  public JudgePairs(JudgeJobOptions options) {
    this(options, "");
  }

  @Override
  public Identified identify(JobContext context) {
    Judge judge =
        new Judge()
            .setModelUrl(options.model())
            .setCompute(options.compute())
            .setInputCols(QUERY_TEXT, QUERY_IMAGE, CANDIDATE_TEXT, CANDIDATE_IMAGE)
            .setHashCols(QUERY_HASH, CANDIDATE_HASH)
            .setOutputCol(MARGIN)
            .setErrorCol(ERROR)
            .setImageRoot(imageRoot)
            .setOrder(options.order().word())
            .setInstruction(options.instruction());
    ImageCounter images = new ImageCounter();
    context.spark().sparkContext().register(images, "assay images");
    judge.withImageCounter(images);
    return new Ready(IdentifiedModel.of(judge, context), images, options.slices().size());
  }

  private record Ready(IdentifiedModel<Judge> judge, ImageCounter images, long sliceSize)
      implements Identified, Loaded {
    @Override
    public Dataset<Row> sign(Dataset<Row> pairs) {
      Column candidateFirst = judge.model().candidateFirst(pairs.schema());
      List<String> fingerprints = judge.identity().fingerprints();
      return pairs
          .withColumn(
              JUDGE,
              when(candidateFirst, lit(fingerprints.get(1))).otherwise(lit(fingerprints.get(0))))
          .withColumn(
              TOGETHER, when(candidateFirst, col(CANDIDATE_HASH)).otherwise(col(QUERY_HASH)));
    }

    @Override
    public Dataset<Row> nearer(Dataset<Row> signed) {
      Column candidateFirst = judge.model().candidateFirst(signed.schema());
      return NearSides.of(sliceSize).nearer(signed, candidateFirst);
    }

    @Override
    public Optional<TokenCounts> tokens(Dataset<Row> signed) {
      return Optional.of(new TokenCounts(mean(signed, false), mean(signed, true)));
    }

    private double mean(Dataset<Row> signed, boolean shared) {
      Row mean = judge.model().counting(shared).transform(signed).agg(avg(MARGIN)).first();
      return mean.isNullAt(0) ? 0 : mean.getDouble(0);
    }

    @Override
    public Loaded load() {
      judge.load();
      return this;
    }

    @Override
    public Dataset<Row> compute(Dataset<Row> pairs, long rows, LongAccumulator done) {
      return judge
          .model()
          .copy(ParamMap.empty())
          .setNumPartitions(judge.tasks(rows, PAIRS_A_TASK))
          .withCounter(done)
          .transform(pairs);
    }

    @Override
    public Costs costs() {
      return ImagesUsed.costs(images.value());
    }
  }
}
