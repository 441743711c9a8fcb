package dev.assay.udf;

import dev.assay.judge.JudgePrompt;
import dev.assay.judge.Order;
import dev.assay.judge.PairJudge;
import dev.assay.judge.PairScorer;
import dev.assay.judge.PairTokens;
import dev.assay.model.features.ImageUse;
import dev.assay.session.Limits;
import dev.assay.udf.task.ImageCounter;
import dev.assay.udf.task.ModelSource;
import dev.assay.udf.task.OpenModel;
import dev.assay.udf.task.PairJudging;
import dev.assay.udf.task.RowTask;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Scores (query, candidate) pairs with a multimodal LLM: the margin of "Yes" over "No", in logits,
 * as the answer to whether the candidate meets the query. {@code sigmoid(margin)} is UniME-V2's
 * score.
 *
 * <pre>{@code
 * Dataset<Row> scored =
 *     new Judge()
 *         .setModelUrl("hdfs:///models/Qwen2.5-VL-7B-Instruct")
 *         .setInputCols("query_text", "query_image", "candidate_text", "candidate_image")
 *         .setImageRoot("hdfs:///data/images")
 *         .setOutputCol("margin")
 *         .setErrorCol("error")
 *         .transform(pairs);
 * }</pre>
 *
 * <p>All rows come back, in another order; see {@link PairGroups}. Where a pair could not be
 * judged, the margin is null and the error column holds the reason. Equal rows are each judged:
 * pass distinct pairs to save work.
 */
public final class Judge extends PairTransformer<Judge> {
  private static final long serialVersionUID = 1L;

  private final Param<String> order;
  private final Param<String> fingerprintCol;
  private transient ModelSource<PairScorer> source;
  private transient ImageCounter images;

  public Judge() {
    this(Identifiable.randomUID("judge"));
  }

  /** As Spark makes it when copying and loading. */
  public Judge(String uid) {
    super(uid);
    order =
        choice(
            "order",
            "which side is first in the prompt; it is run once for all its pairs;"
                + " auto: the candidate where it has an image and the query has none",
            OrderChoice.class);
    fingerprintCol =
        text("fingerprintCol", "column of the judge's fingerprint; empty: no such column");
    setDefault(order, OrderChoice.QUERY_FIRST.word());
    setDefault(fingerprintCol, "");
    setDefault(maxTokens(), Limits.defaults().maxTokens());
  }

  public Param<String> order() {
    return order;
  }

  public Param<String> fingerprintCol() {
    return fingerprintCol;
  }

  /**
   * {@code query-first} (the paper's prompt), {@code candidate-first}, or {@code auto} per pair.
   */
  public Judge setOrder(String name) {
    set(order, name);
    return this;
  }

  /** As {@link #setOrder(String)}. */
  public Judge setOrder(OrderChoice choice) {
    return setOrder(choice.word());
  }

  private OrderChoice orderChoice() {
    return OrderChoice.parse(getOrDefault(order));
  }

  /** Adds the judge's fingerprint: it names everything a margin depends on except the pair. */
  public Judge setFingerprintCol(String name) {
    set(fingerprintCol, name);
    return this;
  }

  /** Counts the images that the judge uses, and how many of them it encodes. */
  public Judge withImageCounter(ImageCounter counter) {
    images = counter;
    return this;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    Dataset<Row> pairs = dataset.toDF();
    StructType schema = pairs.schema();
    StructType result = transformSchema(schema);
    SparkSession spark = dataset.sparkSession();
    Dataset<Row> arranged =
        groups().arrange(pairs, (int) getOrDefault(batchSize()), partitions(spark));
    RowTask<PairScorer, Float> task =
        new RowTask<>(
            source(),
            settings(spark),
            new PairJudging(itemColumns(schema, 0), itemColumns(schema, 1), schema.size()),
            outputColumns(schema, !getOrDefault(fingerprintCol).isEmpty()),
            counter());
    return arranged.mapPartitions(task, Encoders.row(result));
  }

  @Override
  List<StructField> outputs() {
    List<StructField> columns = new ArrayList<>(resultColumns(DataTypes.FloatType));
    String judge = getOrDefault(fingerprintCol);
    if (!judge.isEmpty()) {
      columns.add(new StructField(judge, DataTypes.StringType, false, Metadata.empty()));
    }
    return columns;
  }

  @Override
  String verb() {
    return "judge";
  }

  @Override
  Judge self() {
    return this;
  }

  /** Replaces the checkpoint; for tests. */
  Judge withSource(ModelSource<PairScorer> other) {
    source = other;
    return this;
  }

  /**
   * The same with the number of a pair's tokens in place of its margin. No weights are loaded.
   *
   * @param shared whether what pairs share is counted once, as it is run; else each pair alone
   */
  public Judge counting(boolean shared) {
    String text = instructionOr(JudgePrompt.INSTRUCTION);
    return copy(ParamMap.empty())
        .withSource(settings -> OpenModel.of(new PairTokens(settings.encoder(), text, shared)));
  }

  private ModelSource<PairScorer> source() {
    return source != null
        ? source
        : checkpointSource(instructionOr(JudgePrompt.INSTRUCTION), images);
  }

  private static ModelSource<PairScorer> checkpointSource(String text, ImageCounter images) {
    return settings -> {
      Limits limits = settings.compute().limits();
      ImageUse use = images == null ? ImageUse.IGNORED : images;
      return OpenModel.over(settings, checkpoint -> new PairJudge(checkpoint, text, limits, use));
    };
  }

  @Override
  ModelProbe probe() {
    ModelSource<PairScorer> opening = source();
    List<Order> orders = orderChoice().orders();
    return settings -> {
      try (OpenModel<PairScorer> open = opening.open(settings)) {
        return orders.stream().map(open.model()::fingerprint).collect(Collectors.joining(","));
      }
    };
  }

  @Override
  ModelIdentity.Naming naming() {
    String text = instructionOr(JudgePrompt.INSTRUCTION);
    return checkpoint ->
        Stream.of(Order.QUERY_FIRST, Order.CANDIDATE_FIRST)
            .map(one -> PairJudge.fingerprint(checkpoint, text, one))
            .toList();
  }

  /** For each pair, whether the candidate is first in the prompt and so the shared side. */
  public Column candidateFirst(StructType schema) {
    return groups().candidateFirst(schema);
  }

  private PairGroups groups() {
    return new PairGroups(
        List.of(getOrDefault(inputCols())),
        List.of(getOrDefault(queryHashCol()), getOrDefault(candidateHashCol())),
        orderChoice());
  }

  @Override
  public Judge copy(ParamMap extra) {
    Judge copy = defaultCopy(extra);
    return copy.withSource(source).withImageCounter(images).withCounter(counter());
  }

  /** How Spark loads a saved one; {@code Judge.read().load(path)}. */
  public static MLReader<Judge> read() {
    return new DefaultParamsReader<>();
  }

  public static Judge load(String path) {
    return read().load(path);
  }
}
