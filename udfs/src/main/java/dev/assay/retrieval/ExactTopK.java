package dev.assay.retrieval;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.assay.retrieval.Operands.Scaled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The k nearest candidates of each query of a block, exactly, by blocked matrix products.
 *
 * <p>The products of queries and candidates, in int8 or bfloat16 where the machine is faster at it,
 * are a sieve. Each pair that may be among the k, given the error bound of the product ({@link
 * FirstPass}), is computed again by {@link Similarity}, and that value decides. So the result
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
  /** Queries in one product: with 4,096 candidates its result takes 8 MiB in int8. */
  private static final int TILE = 512;

  /** Of so many candidates, times k, the k nearest are near enough for a coarse precision. */
  private static final long FEW = 128;

  /**
   * Candidates that are sieved first; then twice as many, and so on. What is near is compared first
   * in each part, so that the next part meets a higher floor.
   */
  private static final int FIRST_PART = 256;

  private final QueryBlock queries;
  private final NearestHits[] allowed;
  private final NearestHits[] nearest; // the same as allowed until a hit is excluded
  private final Multiplier multiplier;
  private final NDManager manager;
  private final Openness openness;
  private final int[] all;
  private FirstPass precision;
  private Operands operands; // the queries in this precision; null before the first product
  private final Staging staging = new Staging();
  private long[] open = new long[0]; // pairs that the sieve leaves open

  /**
   * @param k how many hits are kept for each query; at least 1
   * @param device where the products are computed
   */
  public ExactTopK(QueryBlock queries, int k, Device device) {
    this(queries, k, device, Multiplier.on(device).fastestAfter(FirstPass.INT8), FEW * k);
  }

  /**
   * @param precision to begin with; the result does not depend on it
   * @param few candidates: after so many the precision may become coarser
   */
  ExactTopK(QueryBlock queries, int k, Device device, FirstPass precision, long few) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + ", but must be at least 1");
    }
    this.queries = queries;
    this.allowed = empty(queries.size(), k);
    this.nearest = allowed.clone();
    this.multiplier = Multiplier.on(device);
    this.manager = NDManager.newBaseManager(device, "PyTorch");
    this.openness = new Openness(multiplier, few * queries.size());
    this.all = IntStream.range(0, queries.size()).toArray();
    this.precision = precision;
  }

  private static NearestHits[] empty(int queries, int k) {
    return Stream.generate(() -> new NearestHits(k)).limit(queries).toArray(NearestHits[]::new);
  }

  /** Compares every query with every candidate of the block. */
  public void add(CandidateBlock block) {
    add(block, all);
  }

  /**
   * Compares some queries with every candidate of the block.
   *
   * @param places of these queries in their block
   */
  public void add(CandidateBlock block, int[] places) {
    if (block.dimensions() != queries.dimensions()) {
      throw new IllegalArgumentException(
          "Cannot compare queries of "
              + queries.dimensions()
              + " dimensions with candidates of "
              + block.dimensions());
    }
    if (places.length == 0) {
      return;
    }
    if (open.length < block.size()) {
      open = new long[block.size()];
    }
    useBestPrecision();
    try (NDManager step = manager.newSubManager()) {
      Operands candidates =
          multiplier.operands(
              step, block.vectors(), block.dimensions(), block.size(), precision, staging);
      for (int from = 0; from < places.length; from += TILE) {
        int[] tile = Arrays.copyOfRange(places, from, Math.min(places.length, from + TILE));
        sieve(tile, candidates, block);
      }
    }
  }

  private void useBestPrecision() {
    FirstPass best = openness.next(precision);
    if (operands != null && best != precision) {
      operands.close();
      operands = null;
    }
    precision = best;
    if (operands == null) {
      float[] vectors = queries.vectors();
      operands =
          multiplier.operands(manager, vectors, queries.dimensions(), 1, precision, new Staging());
    }
  }

  private void sieve(int[] tile, Operands candidates, CandidateBlock block) {
    Scaled ofBlock = candidates.row(0);
    long forNothing = 0;
    try (NDManager scope = manager.newSubManager()) {
      ByteBuffer[] products = multiplier.products(scope, operands, tile, candidates, precision);
      ProductRows rows = precision.rows(products, block.size());
      for (int i = 0; i < tile.length; i++) {
        Scaled ofQuery = operands.row(tile[i]);
        float error =
            precision.errorBound(block.dimensions(), ofQuery.magnitude(), ofBlock.magnitude());
        rows.read(i, ofQuery.scale() * ofBlock.scale());
        forNothing += sieve(rows, tile[i], block, error);
      }
    }
    openness.count((long) tile.length * block.size(), forNothing);
  }

  /** Compares what may be among the k; returns how many pairs were not. */
  private int sieve(ProductRows row, int query, CandidateBlock block, float error) {
    float limit = precision.noLess(queries.exclusion(query).limit() + error);
    int forNothing = 0;
    boolean first = floor(allowed[query], error) == Float.NEGATIVE_INFINITY;
    int part = first ? FIRST_PART : block.size();
    for (int from = 0; from < block.size(); from += part / 2) {
      int to = Math.min(block.size(), from + part);
      int found = row.atLeast(floor(allowed[query], error), from, to, open);
      Arrays.sort(open, 0, found);
      for (int i = found - 1; i >= 0; i--) {
        float product = ProductRows.product(open[i]);
        boolean tooFar =
            product < floor(allowed[query], error)
                || (product > limit && product < floor(nearest[query], error));
        if (!tooFar) {
          forNothing += compare(query, block, ProductRows.place(open[i])) ? 0 : 1;
        }
      }
      part *= 2;
    }
    return forNothing;
  }

  /** A product below it is of a pair that is not among the k. */
  private float floor(NearestHits hits, float error) {
    return error == Float.POSITIVE_INFINITY
        ? Float.NEGATIVE_INFINITY
        : precision.noMore(hits.floor() - error);
  }

  /** Returns whether it is among the k nearest up to now. */
  private boolean compare(int query, CandidateBlock block, int candidate) {
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
    if (reason != null && nearest[query] == allowed[query]) {
      nearest[query] = allowed[query].copy();
    }
    boolean near = nearest[query].offer(hit);
    return reason == null && nearest[query] != allowed[query] ? allowed[query].offer(hit) : near;
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
