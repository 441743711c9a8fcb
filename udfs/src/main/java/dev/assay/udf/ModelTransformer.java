package dev.assay.udf;

import dev.assay.model.Precision;
import dev.assay.session.Limits;
import dev.assay.udf.compute.Compute;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.EnumSetting;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.compute.PrecisionChoice;
import dev.assay.udf.rows.ItemColumns;
import dev.assay.udf.task.ModelSettings;
import dev.assay.udf.task.OutputColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What {@link Embedder}, {@link Judge} and {@link Reranker} have in common: the model's folder,
 * what it runs on, and the columns of input and output. They can be saved, alone or in a {@code
 * Pipeline}.
 *
 * <p>A text column is a string; an image column is a string (a path under {@code imageRoot}, or a
 * URI) or binary (the file's bytes). Null and empty both mean "none"; use {@code lit(null)} for a
 * side that never has one. Memory grows with the length of a text, so limit it first.
 *
 * @param <T> the concrete class, so that setters chain
 */
public abstract class ModelTransformer<T extends ModelTransformer<T>> extends Transformer
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final StringArrayParam inputCols;
  private final Param<String> outputCol;
  private final Param<String> errorCol;
  private final Param<String> modelUrl;
  private final Param<String> imageRoot;
  private final Param<String> device;
  private final Param<String> precision;
  private final IntParam batchSize;
  private final IntParam maxTokens;
  private final LongParam maxImagePixels;
  private transient LongAccumulator counter;

  ModelTransformer(String uid) {
    this.uid = uid;
    inputCols = new StringArrayParam(this, "inputCols", "input columns, in order");
    outputCol = text("outputCol", "column of the result; null where the row could not be used");
    errorCol = text("errorCol", "column of the error, as 'reason: detail'; empty: no such column");
    modelUrl = text("modelUrl", "Hugging Face checkpoint folder, on any Hadoop file system");
    imageRoot = text("imageRoot", "folder that image paths are relative to and may not leave");
    device = choice("device", "what the model runs on", DeviceChoice.class);
    precision = choice("precision", "number format of the model", PrecisionChoice.class);
    batchSize = positive("batchSize", "rows that the model gets at once");
    maxTokens = positive("maxTokens", "tokens in one pass of the decoder, at most");
    maxImagePixels =
        new LongParam(
            uid, "maxImagePixels", "largest image that is decoded", ParamValidators.gt(0));
    setDefault(errorCol, "");
    setDefault(imageRoot, "");
    setDefault(device, DeviceChoice.AUTO.word());
    setDefault(precision, PrecisionChoice.AUTO.word());
    setDefault(maxImagePixels, Limits.defaults().maxImagePixels());
  }

  /** This, as its own class. */
  abstract T self();

  /** What {@code inputCols} must be, for messages: text and image of each item of a row. */
  abstract List<String> inputs();

  /** For each item of a row, the parameter that names the column of its content hash. */
  abstract List<Param<String>> hashCols();

  /** The columns that {@code transform} appends. */
  abstract List<StructField> outputs();

  /** Verb for messages: {@code embed}, {@code judge}. */
  abstract String verb();

  Param<String> text(String name, String doc) {
    return new Param<>(uid, name, doc, String.class);
  }

  /** A parameter that names the column of an item's content hash. */
  Param<String> hash(String name, String item) {
    return text(
        name, "column of the " + item + "'s content hash at ingest; empty: images are not checked");
  }

  <E extends Enum<E>> Param<String> choice(String name, String doc, Class<E> allowed) {
    List<String> words = Arrays.asList(EnumSetting.words(allowed));
    return new Param<>(
        uid,
        name,
        doc + ": " + String.join(", ", words),
        ParamValidators.inArray(words),
        String.class);
  }

  IntParam positive(String name, String doc) {
    return new IntParam(uid, name, doc, ParamValidators.gt(0));
  }

  @Override
  public String uid() {
    return uid;
  }

  public StringArrayParam inputCols() {
    return inputCols;
  }

  public Param<String> outputCol() {
    return outputCol;
  }

  public Param<String> errorCol() {
    return errorCol;
  }

  public Param<String> modelUrl() {
    return modelUrl;
  }

  public Param<String> imageRoot() {
    return imageRoot;
  }

  public Param<String> device() {
    return device;
  }

  public Param<String> precision() {
    return precision;
  }

  public IntParam batchSize() {
    return batchSize;
  }

  public IntParam maxTokens() {
    return maxTokens;
  }

  public LongParam maxImagePixels() {
    return maxImagePixels;
  }

  public T setInputCols(String... names) {
    set(inputCols, names);
    return self();
  }

  public T setOutputCol(String name) {
    set(outputCol, name);
    return self();
  }

  /** Names the column that says why a row has no result. Without it a bad row is only a null. */
  public T setErrorCol(String name) {
    set(errorCol, name);
    return self();
  }

  public T setModelUrl(String url) {
    set(modelUrl, url);
    return self();
  }

  public T setImageRoot(String folder) {
    set(imageRoot, folder);
    return self();
  }

  /** {@code auto} (a GPU where there is one), {@code cpu} or {@code gpu}; see {@link Placement}. */
  public T setDevice(String name) {
    set(device, name);
    return self();
  }

  /** The precision of a model that was identified. */
  public T setPrecision(Precision exact) {
    return setPrecision(EnumSetting.word(exact));
  }

  /** {@code auto} (see {@link Placement}), {@code float32} or {@code bfloat16}. */
  public T setPrecision(String name) {
    set(precision, name);
    return self();
  }

  public T setBatchSize(int rows) {
    set(batchSize, rows);
    return self();
  }

  public T setMaxTokens(int tokens) {
    set(maxTokens, tokens);
    return self();
  }

  public T setMaxImagePixels(long pixels) {
    set(maxImagePixels, pixels);
    return self();
  }

  /** Sets device, precision and limits together. */
  public T setCompute(Compute compute) {
    setDevice(compute.device().word());
    setPrecision(compute.precision().word());
    setBatchSize(compute.batchSize());
    setMaxTokens(compute.maxTokens());
    return setMaxImagePixels(compute.maxImagePixels());
  }

  /** Device, precision and limits, as they are set. */
  public Compute compute() {
    return new Compute(
        DeviceChoice.parse(getOrDefault(device)),
        PrecisionChoice.parse(getOrDefault(precision)),
        (int) getOrDefault(batchSize),
        (int) getOrDefault(maxTokens),
        (long) getOrDefault(maxImagePixels));
  }

  /** Counts rows as they are done, for progress. A task that is run again counts again. */
  public T withCounter(LongAccumulator rows) {
    counter = rows;
    return self();
  }

  final LongAccumulator counter() {
    return counter;
  }

  /** Opens the model in a task and gives its fingerprints. */
  abstract ModelProbe probe();

  /**
   * Loads the model in as many tasks as run side by side, and it stays loaded for later ones:
   * executors load it at the same time, before there is work. So a fault of checkpoint, device or
   * settings is reported in one line.
   *
   * @return the model's fingerprint; of a judge whose order is auto, the one for query first and
   *     the one for candidate first
   * @throws dev.assay.checkpoint.CheckpointException if the checkpoint cannot be used
   * @throws IllegalArgumentException if device or settings cannot
   */
  public List<String> check(SparkSession spark) {
    int tasks = spark.sparkContext().defaultParallelism();
    return ModelProbe.run(probe(), settings(spark), spark, tasks);
  }

  /** Gives the model's fingerprints without loading it. */
  abstract ModelIdentity.Naming naming();

  /**
   * Identifies the model in one task. No weights are loaded.
   *
   * @throws dev.assay.checkpoint.CheckpointException if the checkpoint cannot be used
   * @throws IllegalArgumentException if the device cannot
   */
  public ModelIdentity identify(SparkSession spark) {
    return ModelIdentity.parse(
        ModelProbe.run(ModelIdentity.probe(naming()), settings(spark), spark, 1));
  }

  /** Checks the settings and the input columns, and appends the output columns. */
  @Override
  public StructType transformSchema(StructType schema) {
    require(isSet(modelUrl) && !getOrDefault(modelUrl).isEmpty(), "modelUrl is not set");
    String wanted = "[" + String.join(", ", inputs()) + "]";
    require(isSet(inputCols), "inputCols is not set: name the columns for " + wanted);
    String[] names = getOrDefault(inputCols);
    require(
        names.length == inputs().size(),
        "inputCols names " + names.length + " columns, but " + wanted + " are needed");
    InputSchema columns = new InputSchema(schema, verb());
    for (int i = 0; i < names.length; i += 2) {
      columns.text(names[i], inputs().get(i));
      columns.image(names[i + 1], inputs().get(i + 1));
    }
    for (Param<String> hash : hashCols()) {
      if (!getOrDefault(hash).isEmpty()) {
        columns.contentHash(getOrDefault(hash));
      }
    }
    return columns.with(outputs());
  }

  /**
   * The columns of an item in the rows of a table.
   *
   * @param item its number, in the order of {@link #inputs}
   */
  final ItemColumns itemColumns(StructType schema, int item) {
    String[] names = getOrDefault(inputCols);
    String hash = getOrDefault(hashCols().get(item));
    return new ItemColumns(
        schema.fieldIndex(names[2 * item]),
        schema.fieldIndex(names[2 * item + 1]),
        hash.isEmpty() ? ItemColumns.NONE : schema.fieldIndex(hash));
  }

  final void require(boolean holds, String otherwise) {
    InputSchema.require(holds, verb(), otherwise);
  }

  /** The result column, then the error column if it has a name. */
  final List<StructField> resultColumns(DataType type) {
    require(isSet(outputCol) && !getOrDefault(outputCol).isEmpty(), "outputCol is not set");
    List<StructField> columns = new ArrayList<>();
    columns.add(new StructField(getOrDefault(outputCol), type, true, Metadata.empty()));
    if (!getOrDefault(errorCol).isEmpty()) {
      columns.add(
          new StructField(getOrDefault(errorCol), DataTypes.StringType, true, Metadata.empty()));
    }
    return columns;
  }

  /** The columns that a task gives back for rows of a table. */
  final OutputColumns outputColumns(StructType schema, boolean fingerprint) {
    return new OutputColumns(schema.size(), !getOrDefault(errorCol).isEmpty(), fingerprint);
  }

  /** The settings as a task receives them. */
  final ModelSettings settings(SparkSession spark) {
    return new ModelSettings(
        getOrDefault(modelUrl),
        getOrDefault(imageRoot),
        compute(),
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sessionState().newHadoopConf())));
  }

  @Override
  public String toString() {
    return uid;
  }
}
