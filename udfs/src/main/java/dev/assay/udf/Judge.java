package dev.assay.udf;

import dev.assay.judge.JudgeOptions;
import dev.assay.judge.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
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
 * <p>All rows come back, in another order: {@link PairGroups} says which. The margin is null where
 * a pair could not be judged, and the error column says why. Each row is judged as often as it
 * occurs; distinct pairs are for the caller to make.
 */
public final class Judge extends PairTransformer<Judge> {
  private static final long serialVersionUID = 1L;

  private final Param<String> order;
  private final Param<String> fingerprintCol;
  private transient ScorePairs.Source source;

  public Judge() {
    this(Identifiable.randomUID("judge"));
  }

  /** As Spark makes it when copying and loading. */
  public Judge(String uid) {
    super(uid);
    order =
        choice(
            "order",
            "which side stands first, is run once and shared by its pairs;"
                + " auto: the candidate where it has an image and the query has none",
            OrderChoice.class);
    fingerprintCol = text("fingerprintCol", "column that names the judge; empty: no such column");
    setDefault(order, OrderChoice.QUERY_FIRST.word());
    setDefault(fingerprintCol, "");
    setDefault(maxTokens(), JudgeOptions.defaults().maxTokens());
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

  /** Names, row by row, everything the margin depends on beside the pair itself. */
  public Judge setFingerprintCol(String name) {
    set(fingerprintCol, name);
    return this;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    Dataset<Row> pairs = dataset.toDF();
    StructType result = transformSchema(pairs.schema());
    SparkSession spark = dataset.sparkSession();
    Dataset<Row> arranged =
        groups().arrange(pairs, (int) getOrDefault(batchSize()), partitions(spark));
    ScorePairs task =
        new ScorePairs(
            source(),
            settings(spark),
            itemColumns(pairs.schema(), 0),
            itemColumns(pairs.schema(), 1),
            pairs.schema().size(),
            !getOrDefault(errorCol()).isEmpty(),
            !getOrDefault(fingerprintCol).isEmpty(),
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

  /** Judges with something else than a checkpoint; for tests. */
  Judge withSource(ScorePairs.Source other) {
    source = other;
    return this;
  }

  private ScorePairs.Source source() {
    String told = getOrDefault(instruction());
    return source != null ? source : settings -> CheckpointScorer.open(settings, told);
  }

  @Override
  ModelProbe probe() {
    ScorePairs.Source opening = source();
    OrderChoice choice = orderChoice();
    return settings -> {
      try (PairScorer scorer = opening.open(settings)) {
        return choice.orders().stream()
            .map(one -> scorer.fingerprint(one == Order.CANDIDATE_FIRST))
            .collect(Collectors.joining(","));
      }
    };
  }

  @Override
  ModelIdentity.Naming naming() {
    String told = getOrDefault(instruction());
    return (folder, precision) -> CheckpointScorer.fingerprints(folder, precision, told);
  }

  /** Whether the candidate stands first and is the shared side, pair by pair. */
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
    return copy.withSource(source).withCounter(counter());
  }

  /** How Spark loads a saved one; {@code Judge.read().load(path)}. */
  public static MLReader<Judge> read() {
    return new DefaultParamsReader<>();
  }

  public static Judge load(String path) {
    return read().load(path);
  }
}
