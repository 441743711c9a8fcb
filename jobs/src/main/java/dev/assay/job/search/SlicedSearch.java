package dev.assay.job.search;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.workspace.Tables;
import dev.assay.retrieval.CandidateBlock;
import dev.assay.retrieval.QueryBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import scala.Function1;
import scala.Tuple2;

/**
 * The search of all queries among all candidates as a grid of tasks: a slice of queries by a slice
 * of candidates.
 *
 * <p>A task holds the queries of its slice and one block of candidates at a time, so neither table
 * has to fit into an executor. Candidates are read once for every slice of queries. A slice of
 * queries can be searched alone; which queries it has depends on their ids and on the number of
 * slices.
 */
public final class SlicedSearch implements AutoCloseable {
  /** Candidates that a task streams past its queries, at most. */
  private static final int CANDIDATES = 1_000_000;

  private static final StructType HIT =
      new StructType()
          .add(Tables.QUERY_ID, DataTypes.StringType)
          .add(Tables.CANDIDATE_ID, DataTypes.StringType)
          .add(Tables.SIMILARITY, DataTypes.FloatType)
          .add(Tables.REASON, DataTypes.StringType)
          .add(Tables.THRESHOLD, DataTypes.FloatType);

  private final SparkSession spark;
  private final int k;
  private final SearchPlan plan;
  private final LongAccumulator pairs;
  private final Broadcast<Probing> probing; // null for an exact search
  private final JavaRDD<List<Tuple2<String, QueryBlock>>> queries;
  private final JavaRDD<Tuple2<String, CandidateBlock>> candidates;

  /**
   * @param k how many candidates are kept for each query
   * @param pool how the rows' pools were made
   * @param pairs counts pairs that were compared
   * @param probing how to search some cells only; empty for an exact search
   */
  public SlicedSearch(
      SparkSession spark,
      Searchable searchable,
      PoolSizes sizes,
      int k,
      Pool pool,
      SearchPlan plan,
      LongAccumulator pairs,
      Optional<Probing> probing) {
    this.probing =
        probing
            .map(how -> JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(how))
            .orElse(null);
    this.spark = spark;
    this.k = k;
    this.plan = plan;
    this.pairs = pairs;
    this.queries = queries(searchable, slices(sizes.queries(), plan.queries()), pool);
    this.candidates = candidates(searchable, sizes.candidates(), pool);
    if (slices() > 1) {
      candidates.persist(StorageLevel.MEMORY_AND_DISK_SER());
    }
  }

  /** The number of slices of queries. */
  public int slices() {
    return queries.getNumPartitions();
  }

  /**
   * What each pair of slices kept: of each query the k nearest that it may retrieve, and those of
   * the k nearest of all that it may not, with the reason and, if that is δ, with δ as threshold.
   */
  public Dataset<Row> hits() {
    return hits(queries);
  }

  /** The same of one slice of queries. */
  public Dataset<Row> hits(int slice) {
    Function1<Object, Object> theOne =
        (Function1<Object, Object> & Serializable) place -> (int) place == slice;
    return hits(
        new JavaRDD<>(PartitionPruningRDD.create(queries.rdd(), theOne), queries.classTag()));
  }

  private Dataset<Row> hits(JavaRDD<List<Tuple2<String, QueryBlock>>> some) {
    return spark.createDataFrame(
        some.cartesian(candidates)
            .mapPartitions(new SearchSlices(k, plan.device(), pairs, probing)),
        HIT);
  }

  /**
   * The best of all slices: of each query the k nearest that it may retrieve, with their rank, and
   * those of the k nearest of all that it may not, with their rank among all. Most similar first,
   * ties by candidate id.
   */
  public static Dataset<Row> best(Dataset<Row> hits, int k) {
    Column allowed = col(Tables.REASON).isNull();
    Column ofAll = place(Window.partitionBy(Tables.QUERY_ID));
    Column ofAllowed = place(Window.partitionBy(col(Tables.QUERY_ID), allowed));
    return hits.withColumn(Tables.RANK, when(allowed, ofAllowed).otherwise(ofAll))
        .where(col(Tables.RANK).lt(k));
  }

  private static Column place(WindowSpec of) {
    return row_number()
        .over(of.orderBy(col(Tables.SIMILARITY).desc(), col(Tables.CANDIDATE_ID).asc()))
        .minus(1);
  }

  /** Frees what was kept for reading again; hits that were not computed by then take longer. */
  @Override
  public void close() {
    candidates.unpersist(false);
    if (probing != null) {
      probing.destroy();
    }
  }

  private static int slices(long rows, int size) {
    return (int) Math.max(1, (rows + size - 1) / size);
  }

  private static JavaRDD<List<Tuple2<String, QueryBlock>>> queries(
      Searchable searchable, int slices, Pool pool) {
    Dataset<Row> rows =
        searchable
            .queries()
            .select(columns(Blocks.QUERY_COLUMNS))
            .repartition(slices, col(Tables.QUERY_ID));
    Dataset<Row> sorted = pool == Pool.GLOBAL ? rows : rows.sortWithinPartitions(Searchable.POOL);
    return rows(sorted)
        .mapPartitions(
            partition -> {
              List<Tuple2<String, QueryBlock>> blocks = new ArrayList<>();
              new RowBlocks<>(partition, Integer.MAX_VALUE, Blocks.Queries::new)
                  .forEachRemaining(blocks::add);
              return List.of(blocks).iterator();
            });
  }

  private JavaRDD<Tuple2<String, CandidateBlock>> candidates(
      Searchable searchable, long count, Pool pool) {
    int size = plan.blockSize(); // tasks get the number, not this object
    int slices =
        Math.max(
            Math.min(spark.sparkContext().defaultParallelism(), slices(count, size)),
            slices(count, CANDIDATES));
    Dataset<Row> all = searchable.candidates().select(columns(Blocks.CANDIDATE_COLUMNS));
    JavaRDD<Tuple2<String, CandidateBlock>> blocks =
        (pool == Pool.GLOBAL ? inSlices(all, slices) : byPool(all, slices))
            .mapPartitions(rows -> new RowBlocks<>(rows, size, Blocks.Candidates::new));
    return probing == null ? blocks : CellBlocks.of(blocks, probing, plan.device(), slices, size);
  }

  /** As they come, which moves no vectors, unless they come in too few partitions. */
  private static JavaRDD<InternalRow> inSlices(Dataset<Row> rows, int slices) {
    JavaRDD<InternalRow> asTheyAre = rows(rows);
    return asTheyAre.getNumPartitions() >= slices
        ? asTheyAre.coalesce(slices)
        : rows(rows.repartition(slices, col(Tables.CANDIDATE_ID)));
  }

  /** Rows of one pool side by side, so that blocks are large. */
  private static JavaRDD<InternalRow> byPool(Dataset<Row> rows, int slices) {
    return rows(
        rows.repartitionByRange(slices, col(Searchable.POOL), col(Tables.CANDIDATE_ID))
            .sortWithinPartitions(Searchable.POOL));
  }

  private static JavaRDD<InternalRow> rows(Dataset<Row> rows) {
    return rows.queryExecution().toRdd().toJavaRDD();
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(name -> col(name)).toArray(Column[]::new);
  }
}
