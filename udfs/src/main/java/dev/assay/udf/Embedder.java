package dev.assay.udf;

import dev.assay.embed.ItemEmbedder;
import dev.assay.embed.ItemEncoder;
import dev.assay.embed.ItemTokens;
import dev.assay.session.Limits;
import dev.assay.udf.task.ItemEmbedding;
import dev.assay.udf.task.ModelSettings;
import dev.assay.udf.task.ModelSource;
import dev.assay.udf.task.OpenModel;
import dev.assay.udf.task.RowTask;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Embeds (text, image) items with a multimodal LLM: the last token's final hidden state, L2 norm 1,
 * as {@code array<float>}.
 *
 * <pre>{@code
 * Dataset<Row> embedded =
 *     new Embedder()
 *         .setModelUrl("hdfs:///models/VLM2Vec-Qwen2VL-2B")
 *         .setInputCols("text", "image")
 *         .setImageRoot("hdfs:///data/images")
 *         .setOutputCol("embedding")
 *         .setErrorCol("error")
 *         .transform(items);
 * }</pre>
 *
 * <p>Rows stay in their partitions and in their order. One task works on one partition, so
 * repartition a table of few partitions first. Where an item could not be used, the embedding is
 * null and the error column holds the reason.
 */
public final class Embedder extends ModelTransformer<Embedder> {
  private static final long serialVersionUID = 1L;

  private final Param<String> hashCol;
  private transient ModelSource<ItemEncoder> source;

  public Embedder() {
    this(Identifiable.randomUID("embedder"));
  }

  /** As Spark makes it when copying and loading. */
  public Embedder(String uid) {
    super(uid);
    hashCol = hash("hashCol", "item");
    setDefault(hashCol, "");
    setDefault(batchSize(), 32);
    setDefault(maxTokens(), Limits.defaults().maxTokens());
  }

  public Param<String> hashCol() {
    return hashCol;
  }

  /**
   * Names the column that holds the content hash ({@link dev.assay.item.ContentHash}) under which
   * the item was ingested. An image that has other bytes now is the error {@code changed_image}. An
   * empty name, and rows without a hash, are not checked.
   */
  public Embedder setHashCol(String name) {
    set(hashCol, name);
    return this;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    Dataset<Row> items = dataset.toDF();
    StructType result = transformSchema(items.schema());
    RowTask<ItemEncoder, float[]> task =
        new RowTask<>(
            source(),
            settings(dataset.sparkSession()),
            new ItemEmbedding(itemColumns(items.schema(), 0)),
            outputColumns(items.schema(), false),
            counter());
    return items.mapPartitions(task, Encoders.row(result));
  }

  @Override
  List<StructField> outputs() {
    return resultColumns(DataTypes.createArrayType(DataTypes.FloatType, false));
  }

  @Override
  List<String> inputs() {
    return List.of("text", "image");
  }

  @Override
  List<Param<String>> hashCols() {
    return List.of(hashCol);
  }

  @Override
  String verb() {
    return "embed";
  }

  @Override
  Embedder self() {
    return this;
  }

  /** Replaces the checkpoint; for tests. */
  Embedder withSource(ModelSource<ItemEncoder> other) {
    source = other;
    return this;
  }

  /** The same with the number of an item's tokens in place of its vector. No weights are loaded. */
  public Embedder counting() {
    return copy(ParamMap.empty())
        .withSource(settings -> OpenModel.of(new ItemTokens(settings.encoder())));
  }

  private ModelSource<ItemEncoder> source() {
    return source != null ? source : Embedder::open;
  }

  private static OpenModel<ItemEncoder> open(ModelSettings settings) {
    Limits limits = settings.compute().limits();
    return OpenModel.over(settings, checkpoint -> new ItemEmbedder(checkpoint, limits));
  }

  @Override
  ModelProbe probe() {
    ModelSource<ItemEncoder> opening = source();
    return settings -> {
      try (OpenModel<ItemEncoder> open = opening.open(settings)) {
        return open.model().fingerprint();
      }
    };
  }

  @Override
  ModelIdentity.Naming naming() {
    return checkpoint -> List.of(ItemEmbedder.fingerprint(checkpoint));
  }

  @Override
  public Embedder copy(ParamMap extra) {
    Embedder copy = defaultCopy(extra);
    return copy.withSource(source).withCounter(counter());
  }

  /** How Spark loads a saved one; {@code Embedder.read().load(path)}. */
  public static MLReader<Embedder> read() {
    return new DefaultParamsReader<>();
  }

  public static Embedder load(String path) {
    return read().load(path);
  }
}
