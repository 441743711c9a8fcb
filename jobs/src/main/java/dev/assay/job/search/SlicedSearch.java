package dev.assay.job.search;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import dev.assay.job.workspace.Tables;
import dev.assay.retrieval.CandidateBlock;
import dev.assay.retrieval.QueryBlock;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * The search of all queries among all candidates as a grid of tasks: a slice of queries by a slice
 * of candidates.
 *
 * <p>A task holds the queries of its slice and one block of candidates at a time, so neither table
 * has to fit into an executor. Candidates are read once for every slice of queries.
 */
public final class SlicedSearch implements AutoCloseable {
  /** Queries that a task holds: 25 MB at 768 dimensions, and as much for what they found. */
  private static final int QUERIES = 8192;

  /** Candidates that a task streams past its queries, at most. */
  private static final int CANDIDATES = 1_000_000;

  private static final StructType HIT =
      new StructType()
          .add(Tables.QUERY_ID, DataTypes.StringType)
          .add(Tables.CANDIDATE_ID, DataTypes.StringType)
          .add(Tables.SIMILARITY, DataTypes.FloatType)
          .add(Tables.REASON, DataTypes.StringType)
          .add(Tables.THRESHOLD, DataTypes.FloatType);

  private final int k;
  private final Pool pool;
  private final int blockSize;
  private final LongAccumulator pairs;
  private final List<JavaRDD<?>> persisted = new ArrayList<>();

  /**
   * @param k how many candidates are kept for each query
   * @param pool how the rows' pools were made
   * @param blockSize candidates in one matrix product
   * @param pairs counts pairs that were compared
   */
  public SlicedSearch(int k, Pool pool, int blockSize, LongAccumulator pairs) {
    this.k = k;
    this.pool = pool;
    this.blockSize = blockSize;
    this.pairs = pairs;
  }

  /**
   * What each pair of slices kept: of each query the k nearest that it may retrieve, and those of
   * the k nearest of all that it may not, with the reason and, if that is δ, with δ as threshold.
   */
  public Dataset<Row> hits(SparkSession spark, Searchable searchable, PoolSizes sizes) {
    int querySlices = slices(sizes.queries(), QUERIES);
    JavaRDD<Tuple2<String, QueryBlock>> queries = queryBlocks(searchable, querySlices);
    JavaRDD<Tuple2<String, CandidateBlock>> candidates =
        candidateBlocks(searchable, candidateSlices(spark, sizes.candidates(), querySlices));
    if (querySlices > 1) {
      persisted.add(candidates.persist(StorageLevel.MEMORY_AND_DISK_SER()));
    }
    return spark.createDataFrame(
        queries.cartesian(candidates).mapPartitions(new SearchSlices(k, pairs)), HIT);
  }

  /** The k nearest of each query, with their rank: most similar first, ties by candidate id. */
  public static Dataset<Row> nearest(Dataset<Row> hits, int k) {
    WindowSpec nearestFirst =
        Window.partitionBy(Tables.QUERY_ID)
            .orderBy(col(Tables.SIMILARITY).desc(), col(Tables.CANDIDATE_ID).asc());
    return hits.withColumn(Tables.RANK, row_number().over(nearestFirst).minus(1))
        .where(col(Tables.RANK).lt(k));
  }

  /** Frees what was kept for reading again; hits that were not computed by then take longer. */
  @Override
  public void close() {
    persisted.forEach(rdd -> rdd.unpersist(false));
  }

  private int candidateSlices(SparkSession spark, long candidates, int querySlices) {
    int wanted = slices(2L * spark.sparkContext().defaultParallelism(), querySlices);
    int possible = slices(candidates, blockSize);
    return Math.max(Math.min(wanted, possible), slices(candidates, CANDIDATES));
  }

  private static int slices(long rows, int size) {
    return (int) Math.max(1, (rows + size - 1) / size);
  }

  private JavaRDD<Tuple2<String, QueryBlock>> queryBlocks(Searchable searchable, int slices) {
    return sliced(searchable.queries(), Tables.QUERY_ID, slices)
        .mapPartitions(rows -> new RowBlocks<>(rows, QUERIES, Blocks::queries));
  }

  private JavaRDD<Tuple2<String, CandidateBlock>> candidateBlocks(
      Searchable searchable, int slices) {
    int size = blockSize; // tasks get the number, not this object
    return sliced(searchable.candidates(), Tables.CANDIDATE_ID, slices)
        .mapPartitions(rows -> new RowBlocks<>(rows, size, Blocks::candidates));
  }

  /** Rows of one pool side by side, so that few blocks of different pools ever meet. */
  private JavaRDD<Row> sliced(Dataset<Row> rows, String id, int slices) {
    if (pool == Pool.GLOBAL) {
      return rows.repartition(slices, col(id)).toJavaRDD();
    }
    return rows.repartitionByRange(slices, col(Searchable.POOL), col(id))
        .sortWithinPartitions(Searchable.POOL)
        .toJavaRDD();
  }
}
