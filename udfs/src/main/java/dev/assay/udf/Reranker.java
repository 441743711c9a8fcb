package dev.assay.udf;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import dev.assay.rerank.ListPrompt;
import dev.assay.rerank.ListRanker;
import dev.assay.rerank.ListReranker;
import dev.assay.session.Limits;
import dev.assay.udf.task.ListRanking;
import dev.assay.udf.task.ModelSource;
import dev.assay.udf.task.OpenModel;
import dev.assay.udf.task.RowTask;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Scores the candidates that were retrieved for a query, so that they can be put in a better order:
 * the higher, the better.
 *
 * <pre>{@code
 * Dataset<Row> reranked =
 *     new Reranker()
 *         .setModelUrl("hdfs:///models/reranker")
 *         .setInputCols("query_text", "query_image", "candidate_text", "candidate_image")
 *         .setListCol("query_id")
 *         .setRankCol("rank")
 *         .setImageRoot("hdfs:///data/images")
 *         .setOutputCol("probability")
 *         .setErrorCol("error")
 *         .transform(retrieved.where("rank < 10"));
 * }</pre>
 *
 * <p><b>listwise</b>: the model sees a query and all its candidates (the rows of one value in
 * {@code listCol}, in the order of {@code rankCol}, up to {@code batchSize} of them) and gives each
 * the probability of being the best; they are 1 together. <b>pairwise</b>: it sees one candidate at
 * a time and gives the margin of "Yes", exactly as a {@link Judge} over the same checkpoint; {@code
 * listCol} and {@code rankCol} do not matter.
 *
 * <p>All rows come back, in another order. Where there is no score it is null, and the error column
 * holds the reason: a candidate that cannot be used is left out of its list, and a list that cannot
 * be ranked has no scores. {@link #order} sorts rows without a score last, in the order of
 * retrieval.
 */
public final class Reranker extends PairTransformer<Reranker> {
  private static final long serialVersionUID = 1L;
  private static final String NUMBER = "__assay_number";

  private final Param<String> method;
  private final Param<String> listCol;
  private final Param<String> rankCol;
  private transient ModelSource<ListRanker> source;

  public Reranker() {
    this(Identifiable.randomUID("reranker"));
  }

  /** As Spark makes it when copying and loading. */
  public Reranker(String uid) {
    super(uid);
    method = choice("method", "all candidates of a query at once, or one", RerankMethod.class);
    listCol = text("listCol", "column that is the same for all candidates of one query");
    rankCol = text("rankCol", "column that the candidates of a query are ordered by, best first");
    setDefault(method, RerankMethod.LISTWISE.word());
    setDefault(maxTokens(), Limits.defaults().maxTokens());
  }

  public Param<String> method() {
    return method;
  }

  public Param<String> listCol() {
    return listCol;
  }

  public Param<String> rankCol() {
    return rankCol;
  }

  /** {@code listwise} or {@code pairwise}. */
  public Reranker setMethod(String name) {
    set(method, name);
    return this;
  }

  public Reranker setListCol(String name) {
    set(listCol, name);
    return this;
  }

  public Reranker setRankCol(String name) {
    set(rankCol, name);
    return this;
  }

  /**
   * The new order of a list's candidates: the best score first, then candidates without a score in
   * the order of retrieval. A list that could not be ranked keeps its order.
   */
  public static Column[] order(Column score, Column rank) {
    return new Column[] {score.desc_nulls_last(), rank.asc()};
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    if (isPairwise()) {
      return judge().transform(dataset);
    }
    Dataset<Row> pairs = dataset.toDF();
    StructType schema = pairs.schema();
    StructType result = transformSchema(schema);
    ListRanking work =
        new ListRanking(
            itemColumns(schema, 0),
            itemColumns(schema, 1),
            schema.fieldIndex(getOrDefault(listCol)),
            schema.size(),
            compute());
    RowTask<ListRanker, Float> task =
        new RowTask<>(
            source(),
            settings(dataset.sparkSession()),
            work,
            outputColumns(schema, false),
            counter());
    return arranged(pairs).mapPartitions(task, Encoders.row(result));
  }

  /** Each list in one task and in its order. Equal ranks are ordered by content, always alike. */
  private Dataset<Row> arranged(Dataset<Row> pairs) {
    String[] names = getOrDefault(inputCols());
    Column list = quoted(getOrDefault(listCol));
    Column rank = quoted(getOrDefault(rankCol));
    Column number =
        row_number()
            .over(Window.partitionBy(list).orderBy(rank, quoted(names[2]), quoted(names[3])))
            .minus(1);
    return pairs
        .repartition(partitions(pairs.sparkSession()), list)
        .withColumn(NUMBER, number)
        .sortWithinPartitions(list, col(NUMBER));
  }

  /** A column by its name, dots and all. */
  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  private boolean isPairwise() {
    return RerankMethod.parse(getOrDefault(method)) == RerankMethod.PAIRWISE;
  }

  /** Pairwise is the judge's work, with the settings that both have. */
  private Judge judge() {
    return copyValues(new Judge(), ParamMap.empty()).withCounter(counter());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    if (isPairwise()) {
      return judge().transformSchema(schema);
    }
    requireSet(schema, listCol);
    requireSet(schema, rankCol);
    int most = ListPrompt.MAX_CANDIDATES;
    require(
        (int) getOrDefault(batchSize()) <= most,
        "batchSize is " + getOrDefault(batchSize()) + ", but a list has at most " + most);
    return super.transformSchema(schema);
  }

  private void requireSet(StructType schema, Param<String> param) {
    require(isSet(param), param.name() + " is not set");
    new InputSchema(schema, verb()).column(getOrDefault(param));
  }

  @Override
  List<StructField> outputs() {
    return resultColumns(DataTypes.FloatType);
  }

  @Override
  String verb() {
    return "rerank";
  }

  @Override
  Reranker self() {
    return this;
  }

  /** Replaces the checkpoint; for tests. */
  Reranker withSource(ModelSource<ListRanker> other) {
    source = other;
    return this;
  }

  private ModelSource<ListRanker> source() {
    return source != null ? source : checkpointSource(instructionOr(ListPrompt.INSTRUCTION));
  }

  private static ModelSource<ListRanker> checkpointSource(String text) {
    return settings -> {
      Limits limits = settings.compute().limits();
      return OpenModel.over(settings, checkpoint -> new ListReranker(checkpoint, text, limits));
    };
  }

  @Override
  ModelProbe probe() {
    if (isPairwise()) {
      return judge().probe();
    }
    ModelSource<ListRanker> opening = source();
    return settings -> {
      try (OpenModel<ListRanker> open = opening.open(settings)) {
        return open.model().fingerprint();
      }
    };
  }

  @Override
  ModelIdentity.Naming naming() {
    if (isPairwise()) {
      return judge().naming();
    }
    String text = instructionOr(ListPrompt.INSTRUCTION);
    return checkpoint -> List.of(ListReranker.fingerprint(checkpoint, text));
  }

  @Override
  public Reranker copy(ParamMap extra) {
    Reranker copy = defaultCopy(extra);
    return copy.withSource(source).withCounter(counter());
  }

  /** How Spark loads a saved one; {@code Reranker.read().load(path)}. */
  public static MLReader<Reranker> read() {
    return new DefaultParamsReader<>();
  }

  public static Reranker load(String path) {
    return read().load(path);
  }
}
