package dev.assay.job.workspace;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The tables of a workspace: their names, their columns, and the job that makes each. */
public final class Tables {
  public static final String QUERIES = "queries";
  public static final String CANDIDATES = "candidates";
  public static final String POSITIVES = "positives";
  public static final String CHOICES = "choices";
  public static final String QUERY_EMBEDDINGS = "query_embeddings";
  public static final String CANDIDATE_EMBEDDINGS = "candidate_embeddings";
  public static final String RETRIEVED = "retrieved";
  public static final String EXCLUDED = "excluded";
  public static final String SCORED = "scored";
  public static final String DECISIONS = "decisions";
  public static final String NEGATIVES = "negatives";
  public static final String EVALUATION = "evaluation";
  public static final String QUARANTINE = "quarantine";

  /** A trained embedder: a folder of files, not of rows. */
  public static final String EMBEDDER_MODEL = "models/embedder";

  /** A trained reranker. */
  public static final String RERANKER_MODEL = "models/reranker";

  /** Margins of pairs of contents, of every judge so far; {@code scored} is taken from it. */
  public static final String SCORE_STORE = "store/scores";

  /** Embeddings of contents, of every embedder so far. */
  public static final String EMBEDDING_STORE = "store/embeddings";

  /** Probabilities that a content is the best of its list, of every reranker so far. */
  public static final String LIST_SCORE_STORE = "store/list_scores";

  /** What each slice of queries retrieved, while {@code retrieve} runs. */
  public static final String SLICE_STORE = "store/slices";

  /** The pairs that {@code judge} judges, while it does: a resumed run need not find them again. */
  public static final String PAIR_STORE = "store/pairs";

  /** Content hashes of items by image file, as ingest has read them. */
  public static final String IMAGE_HASHES = "store/image_hashes";

  /** Where each image of ingest's packs lies. */
  public static final String PACKED_IMAGES = "store/packed_images";

  public static final String QUERY_ID = "query_id";
  public static final String CANDIDATE_ID = "candidate_id";
  public static final String DATASET = "dataset";
  public static final String TEXT = "text";
  public static final String IMAGE = "image";
  public static final String CONTENT_HASH = "content_hash";
  public static final String IMAGE_HASH = "image_hash";
  public static final String IMAGE_BYTES = "image_bytes";
  public static final String EMBEDDING = "embedding";
  public static final String RANK = "rank";
  public static final String SIMILARITY = "similarity";
  public static final String IS_POSITIVE = "is_positive";
  public static final String MARGIN = "margin";
  public static final String SCORE = "score";
  public static final String JUDGE = "judge";
  public static final String DECISION = "decision";
  public static final String THRESHOLD = "threshold";
  public static final String POSITIVE_ID = "positive_id";
  public static final String POSITIVE_SCORE = "positive_score";
  public static final String FILL = "fill";
  public static final String STAGE = "stage";
  public static final String ID = "id";
  public static final String REASON = "reason";
  public static final String DETAIL = "detail";
  public static final String SOURCE = "source";
  public static final String QUERY_HASH = "query_hash";
  public static final String CANDIDATE_HASH = "candidate_hash";
  public static final String EMBEDDER = "embedder";
  public static final String ERROR = "error";
  public static final String SLICE = "slice";
  public static final String PLACE = "place";
  public static final String LIST = "list";
  public static final String RERANKER = "reranker";
  public static final String PROBABILITY = "probability";

  /** One mined negative inside a row of {@code negatives}. */
  public static final StructType NEGATIVE =
      new StructType()
          .add(CANDIDATE_ID, StringType)
          .add(SCORE, FloatType)
          .add(MARGIN, FloatType)
          .add(SIMILARITY, FloatType)
          .add(RANK, IntegerType);

  private record Table(String job, StructType schema) {}

  /** The jobs that make models. */
  private static final Map<String, String> MODELS =
      Map.of(EMBEDDER_MODEL, "train-embedder", RERANKER_MODEL, "train-reranker");

  private static final Map<String, Table> ALL = new LinkedHashMap<>();

  /** Tables that jobs keep for their next run. */
  private static final Map<String, Table> STORES =
      Map.of(
          SLICE_STORE,
          new Table(
              "retrieve",
              new StructType()
                  .add(SLICE, StringType)
                  .add(QUERY_ID, StringType)
                  .add(CANDIDATE_ID, StringType)
                  .add(RANK, IntegerType)
                  .add(SIMILARITY, FloatType)
                  .add(REASON, StringType)
                  .add(THRESHOLD, FloatType)),
          PAIR_STORE,
          new Table(
              "judge",
              rankedPair()
                  .add(QUERY_HASH, StringType)
                  .add(CANDIDATE_HASH, StringType)
                  .add("query_image", StringType)
                  .add("candidate_image", StringType)),
          SCORE_STORE,
          new Table(
              "judge",
              new StructType()
                  .add(QUERY_HASH, StringType)
                  .add(CANDIDATE_HASH, StringType)
                  .add(JUDGE, StringType)
                  .add(MARGIN, FloatType)
                  .add(ERROR, StringType)),
          LIST_SCORE_STORE,
          new Table(
              "evaluate",
              new StructType()
                  .add(QUERY_HASH, StringType)
                  .add(CANDIDATE_HASH, StringType)
                  .add(LIST, StringType)
                  .add(RERANKER, StringType)
                  .add(PROBABILITY, FloatType)
                  .add(ERROR, StringType)),
          IMAGE_HASHES,
          new Table(
              "ingest",
              new StructType()
                  .add("path", StringType)
                  .add("text_hash", StringType)
                  .add("version", StringType)
                  .add(CONTENT_HASH, StringType)
                  .add(IMAGE_HASH, StringType)
                  .add(IMAGE_BYTES, LongType)),
          PACKED_IMAGES,
          new Table(
              "ingest",
              new StructType()
                  .add(IMAGE_HASH, StringType)
                  .add("pack", StringType)
                  .add("offset", LongType)
                  .add("length", IntegerType)
                  .add("extension", StringType)),
          EMBEDDING_STORE,
          new Table(
              "embed",
              new StructType()
                  .add(CONTENT_HASH, StringType)
                  .add(EMBEDDER, StringType)
                  .add(EMBEDDING, DataTypes.createArrayType(FloatType))
                  .add(ERROR, StringType)));

  static {
    ALL.put(QUERIES, new Table("ingest", items(QUERY_ID)));
    ALL.put(CANDIDATES, new Table("ingest", items(CANDIDATE_ID)));
    ALL.put(POSITIVES, new Table("ingest", pair()));
    ALL.put(CHOICES, new Table("ingest", pair().add(PLACE, IntegerType)));
    ALL.put(QUERY_EMBEDDINGS, new Table("embed", embeddings(QUERY_ID)));
    ALL.put(CANDIDATE_EMBEDDINGS, new Table("embed", embeddings(CANDIDATE_ID)));
    ALL.put(
        RETRIEVED, new Table("retrieve", pair().add(RANK, IntegerType).add(SIMILARITY, FloatType)));
    ALL.put(
        EXCLUDED,
        new Table(
            "retrieve",
            pair().add(SIMILARITY, FloatType).add(REASON, StringType).add(THRESHOLD, FloatType)));
    ALL.put(
        SCORED,
        new Table(
            "judge",
            rankedPair().add(MARGIN, FloatType).add(SCORE, FloatType).add(JUDGE, StringType)));
    ALL.put(
        DECISIONS, new Table("mine", pair().add(DECISION, StringType).add(THRESHOLD, FloatType)));
    ALL.put(
        NEGATIVES,
        new Table(
            "mine",
            new StructType()
                .add(QUERY_ID, StringType)
                .add(POSITIVE_ID, StringType)
                .add(POSITIVE_SCORE, FloatType)
                .add(NEGATIVES, DataTypes.createArrayType(NEGATIVE))
                .add(FILL, StringType)));
    ALL.put(
        EVALUATION,
        new Table(
            "evaluate",
            new StructType()
                .add("system", StringType)
                .add(DATASET, StringType)
                .add("datasets", IntegerType)
                .add("direction", StringType)
                .add("metric", StringType)
                .add(QUERIES, LongType)
                .add("value", DoubleType)
                .add("low", DoubleType)
                .add("high", DoubleType)
                .add("difference", DoubleType)
                .add("difference_low", DoubleType)
                .add("difference_high", DoubleType)));
    ALL.put(
        QUARANTINE,
        new Table(
            "ingest",
            new StructType()
                .add(STAGE, StringType)
                .add(ID, StringType)
                .add(REASON, StringType)
                .add(DETAIL, StringType)
                .add(SOURCE, StringType)));
  }

  private Tables() {}

  /** The tables that a user can export, in the order in which the pipeline makes them. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** The columns of a table, or empty for one that only its job knows. */
  public static Optional<StructType> schema(String table) {
    return find(table).map(Table::schema);
  }

  /** The job that makes a table or a model, or empty for one that only its job knows. */
  public static Optional<String> job(String table) {
    return find(table).map(Table::job).or(() -> Optional.ofNullable(MODELS.get(table)));
  }

  private static Optional<Table> find(String table) {
    return Optional.ofNullable(ALL.getOrDefault(root(table), STORES.get(table)));
  }

  /** The part of {@code quarantine} that one job writes. */
  public static String quarantine(String job) {
    return QUARANTINE + "/" + job;
  }

  private static String root(String table) {
    return table.startsWith(QUARANTINE + "/") ? QUARANTINE : table;
  }

  private static StructType items(String id) {
    return new StructType()
        .add(id, StringType)
        .add(DATASET, StringType)
        .add(TEXT, StringType)
        .add(IMAGE, StringType)
        .add(CONTENT_HASH, StringType);
  }

  private static StructType pair() {
    return new StructType().add(QUERY_ID, StringType).add(CANDIDATE_ID, StringType);
  }

  /** A pair that is judged: a positive, a retrieved one, or both. */
  private static StructType rankedPair() {
    return pair().add(IS_POSITIVE, BooleanType).add(RANK, IntegerType).add(SIMILARITY, FloatType);
  }

  private static StructType embeddings(String id) {
    return new StructType()
        .add(id, StringType)
        .add(EMBEDDING, DataTypes.createArrayType(FloatType));
  }
}
