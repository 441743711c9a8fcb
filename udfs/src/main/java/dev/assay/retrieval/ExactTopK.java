package dev.assay.retrieval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The k nearest candidates of each query of a block, exactly, by blocked matrix products.
 *
 * <p>The float32 product of queries and candidates is a sieve. Each pair that may be among the k,
 * given the error bound of the product, is computed again by {@link Similarity}, and that value
 * decides. So the result equals that of comparing every pair by {@link Similarity}, including the
 * last bit and the order of ties, for any size of blocks.
 *
 * <p>Two lists are kept for each query: the k nearest candidates that it may retrieve, and the k
 * nearest of all candidates, which show what its {@link Exclusion} kept out.
 *
 * <p>Memory: the queries, one block of candidates, and the product of at most {@value #TILE}
 * queries with it. Not thread-safe.
 */
public final class ExactTopK implements AutoCloseable {
  /** Queries in one product: with 4,096 candidates its result takes 16 MiB. */
  private static final int TILE = 1024;

  private final QueryBlock queries;
  private final double largestQueryNorm;
  private final NearestHits[] allowed;
  private final NearestHits[] nearest;
  private final NDManager manager;
  private final List<NDArray> tiles = new ArrayList<>();
  private ByteBuffer staging = ByteBuffer.allocateDirect(0);

  /**
   * @param k how many hits are kept for each query; at least 1
   * @param device where the products are computed
   */
  public ExactTopK(QueryBlock queries, int k, Device device) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + ", but must be at least 1");
    }
    this.queries = queries;
    this.largestQueryNorm = Similarity.largestNorm(queries.vectors(), queries.dimensions());
    this.allowed = empty(queries.size(), k);
    this.nearest = empty(queries.size(), k);
    this.manager = NDManager.newBaseManager(device, "PyTorch");
    for (int from = 0; from < queries.size(); from += TILE) {
      int size = Math.min(TILE, queries.size() - from);
      int dimensions = queries.dimensions();
      FloatBuffer rows = FloatBuffer.wrap(queries.vectors(), from * dimensions, size * dimensions);
      tiles.add(manager.create(rows, shape(size), DataType.FLOAT32));
    }
  }

  private static NearestHits[] empty(int queries, int k) {
    return Stream.generate(() -> new NearestHits(k)).limit(queries).toArray(NearestHits[]::new);
  }

  /** Compares every query with every candidate of the block. */
  public void add(CandidateBlock block) {
    if (block.dimensions() != queries.dimensions()) {
      throw new IllegalArgumentException(
          "Cannot compare queries of "
              + queries.dimensions()
              + " dimensions with candidates of "
              + block.dimensions());
    }
    double largestNorm = Similarity.largestNorm(block.vectors(), block.dimensions());
    float error = Similarity.errorBound(block.dimensions(), largestQueryNorm, largestNorm);
    try (NDManager step = manager.newSubManager()) {
      NDArray candidates =
          step.create(staged(block.vectors()), shape(block.size()), DataType.FLOAT32).transpose();
      for (int tile = 0; tile < tiles.size(); tile++) {
        try (NDManager scope = step.newSubManager()) {
          NDArray products = tiles.get(tile).matMul(candidates); // [queries, candidates]
          products.attach(scope); // so that the host copy of a GPU's result is freed with it
          sieve(products, tile * TILE, block, error);
        }
      }
    }
  }

  private Shape shape(int rows) {
    return new Shape(rows, queries.dimensions());
  }

  /** Copies the numbers into one native buffer, which all blocks share. */
  private ByteBuffer staged(float[] numbers) {
    int bytes = Math.multiplyExact(numbers.length, Float.BYTES);
    if (staging.capacity() < bytes) {
      staging = manager.allocateDirect(bytes);
    }
    ByteBuffer used = staging.slice(0, bytes).order(ByteOrder.nativeOrder());
    used.asFloatBuffer().put(numbers);
    return used;
  }

  private void sieve(NDArray products, int firstQuery, CandidateBlock block, float error) {
    FloatBuffer numbers = products.toByteBuffer(true).asFloatBuffer();
    float[] row = new float[block.size()];
    for (int i = 0; i < numbers.capacity() / row.length; i++) {
      numbers.get(i * row.length, row);
      sieveRow(row, firstQuery + i, block, error);
    }
  }

  private void sieveRow(float[] row, int query, CandidateBlock block, float error) {
    float limit = queries.exclusion(query).limit() + error;
    float floor = allowed[query].floor() - error;
    float nearestFloor = nearest[query].floor() - error;
    for (int candidate = 0; candidate < row.length; candidate++) {
      float product = row[candidate];
      boolean tooFar = product < floor || (product > limit && product < nearestFloor);
      if (!tooFar) {
        compare(query, block, candidate);
        floor = allowed[query].floor() - error;
        nearestFloor = nearest[query].floor() - error;
      }
    }
  }

  private void compare(int query, CandidateBlock block, int candidate) {
    int dimensions = block.dimensions();
    float similarity =
        Similarity.of(
            queries.vectors(),
            query * dimensions,
            block.vectors(),
            candidate * dimensions,
            dimensions);
    String id = block.id(candidate);
    Exclusion.Reason reason =
        queries.exclusion(query).reason(id, block.content(candidate), similarity);
    Hit hit = new Hit(id, similarity, reason);
    nearest[query].offer(hit);
    if (reason == null) {
      allowed[query].offer(hit);
    }
  }

  /**
   * The k nearest candidates that the query may retrieve, nearest first; all if there are fewer.
   */
  public List<Hit> retrieved(int query) {
    return allowed[query].nearestFirst();
  }

  /** Those of the k nearest candidates that the query may not retrieve, nearest first. */
  public List<Hit> excluded(int query) {
    return nearest[query].nearestFirst().stream().filter(hit -> hit.reason() != null).toList();
  }

  @Override
  public void close() {
    manager.close();
  }
}
