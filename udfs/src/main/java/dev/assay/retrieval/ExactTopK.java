package dev.assay.retrieval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The k nearest candidates of each query of a block, exactly, by blocked matrix products.
 *
 * <p>The products of queries and candidates, in bfloat16 where the machine is faster at it, are a
 * sieve. Each pair that may be among the k, given the error bound of the product ({@link
 * Precision}), is computed again by {@link Similarity}, and that value decides. So the result
 * equals that of comparing every pair by {@link Similarity}, including the last bit and the order
 * of ties, for any size of blocks and in any precision.
 *
 * <p>Two lists are kept for each query: the k nearest candidates that it may retrieve, and the k
 * nearest of all candidates, which show what its {@link Exclusion} kept out.
 *
 * <p>Memory: the queries, twice; one block of candidates, twice; and the product of at most {@value
 * #TILE} queries with it. Not thread-safe.
 */
public final class ExactTopK implements AutoCloseable {
  /** Queries in one product: with 4,096 candidates its result takes 8 MiB in bfloat16. */
  private static final int TILE = 1024;

  /**
   * Candidates that are sieved first; then twice as many, and so on. What is near is compared first
   * in each part, so that the next part meets a higher floor.
   */
  private static final int FIRST_PART = 256;

  private final QueryBlock queries;
  private final NearestHits[] allowed;
  private final NearestHits[] nearest;
  private final Multiplier multiplier;
  private final NDManager manager;
  private final List<Tile> tiles = new ArrayList<>();
  private ByteBuffer staging = ByteBuffer.allocateDirect(0);
  private long[] open = new long[0]; // pairs that the sieve leaves open

  /**
   * @param k how many hits are kept for each query; at least 1
   * @param device where the products are computed
   */
  public ExactTopK(QueryBlock queries, int k, Device device) {
    this(queries, k, device, Multiplier.on(device).fastest());
  }

  /**
   * @param precision of the first pass; the result does not depend on it
   */
  ExactTopK(QueryBlock queries, int k, Device device, Precision precision) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + ", but must be at least 1");
    }
    this.queries = queries;
    this.allowed = empty(queries.size(), k);
    this.nearest = empty(queries.size(), k);
    this.multiplier = Multiplier.on(device);
    this.manager = NDManager.newBaseManager(device, "PyTorch");
    for (int from = 0; from < queries.size(); from += TILE) {
      tiles.add(new Tile(queries, from, Math.min(TILE, queries.size() - from), k, precision));
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
    if (open.length < block.size()) {
      open = new long[block.size()];
    }
    try (NDManager step = manager.newSubManager()) {
      Map<Precision, NDArray> candidates = new EnumMap<>(Precision.class);
      for (Tile tile : tiles) {
        NDArray right =
            candidates.computeIfAbsent(
                tile.precision(),
                precision ->
                    multiplier.operands(step, staged(block), shape(block.size()), precision));
        sieve(tile, right, block);
      }
    }
  }

  private Shape shape(int rows) {
    return new Shape(rows, queries.dimensions());
  }

  /** Copies the vectors into one native buffer, which all blocks share. */
  private FloatBuffer staged(CandidateBlock block) {
    int bytes = Math.multiplyExact(block.vectors().length, Float.BYTES);
    if (staging.capacity() < bytes) {
      staging = manager.allocateDirect(bytes);
    }
    FloatBuffer used = staging.slice(0, bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    return used.put(block.vectors()).rewind();
  }

  private NDArray operands(Tile tile) {
    if (tile.operands() == null) {
      int dimensions = queries.dimensions();
      FloatBuffer rows =
          FloatBuffer.wrap(queries.vectors(), tile.first * dimensions, tile.size * dimensions);
      tile.operands(multiplier.operands(manager, rows, shape(tile.size), tile.precision()));
    }
    return tile.operands();
  }

  private void sieve(Tile tile, NDArray candidates, CandidateBlock block) {
    float error =
        tile.precision().errorBound(block.dimensions(), tile.magnitude, block.magnitude());
    ProductRows rows = tile.precision().rows(block.size());
    long compared = 0;
    try (NDManager scope = manager.newSubManager()) {
      NDArray products = multiplier.products(scope, operands(tile), candidates);
      ByteBuffer numbers = products.toByteBuffer(true).order(ByteOrder.nativeOrder());
      for (int i = 0; i < tile.size; i++) {
        rows.read(numbers, i);
        compared += sieve(rows, tile.first + i, block, tile.precision(), error);
      }
    }
    tile.count((long) tile.size * block.size(), compared);
  }

  /** Compares what may be among the k; returns how many pairs these were. */
  private int sieve(
      ProductRows row, int query, CandidateBlock block, Precision precision, float error) {
    float limit = precision.noLess(queries.exclusion(query).limit() + error);
    int compared = 0;
    int part = FIRST_PART;
    for (int from = 0; from < block.size(); from += part / 2) {
      int to = Math.min(block.size(), from + part);
      int found = row.atLeast(floor(allowed[query], precision, error), from, to, open);
      Arrays.sort(open, 0, found);
      for (int i = found - 1; i >= 0; i--) {
        float product = ProductRows.product(open[i]);
        boolean tooFar =
            product < floor(allowed[query], precision, error)
                || (product > limit && product < floor(nearest[query], precision, error));
        if (!tooFar) {
          compare(query, block, ProductRows.place(open[i]));
          compared++;
        }
      }
      part *= 2;
    }
    return compared;
  }

  /** A product below it is of a pair that is not among the k. */
  private static float floor(NearestHits hits, Precision precision, float error) {
    return error == Float.POSITIVE_INFINITY
        ? Float.NEGATIVE_INFINITY
        : precision.noMore(hits.floor() - error);
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
