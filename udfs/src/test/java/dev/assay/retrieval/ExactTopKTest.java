package dev.assay.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import dev.assay.retrieval.Exclusion.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ExactTopKTest {
  private static final long MANY = 1L << 40;

  @Test
  void equalsComparingEveryPairWhateverTheBlocks() {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      int dimensions = 1 + random.nextInt(70);
      int k = 1 + random.nextInt(20);
      float[][] candidates = vectors(random, 400, dimensions);
      float[][] vectors = vectors(random, 30, dimensions);
      Exclusion[] exclusions = exclusions(random, vectors.length);
      List<List<Hit>> expected = new ArrayList<>();
      for (int query = 0; query < vectors.length; query++) {
        expected.add(oracle(vectors[query], candidates, exclusions[query], k));
      }
      for (int blockSize : new int[] {7, 64, 399, 400}) {
        QueryBlock queries = new QueryBlock(names(vectors.length), exclusions, flat(vectors));
        List<List<Hit>> found = search(queries, candidates, k, blockSize);
        for (int query = 0; query < vectors.length; query++) {
          assertEquals(expected.get(query), found.get(query), "seed " + seed);
        }
      }
    }
  }

  @Test
  void equalsComparingEveryPairWhereAllVectorsAlmostCoincide() {
    Random random = new Random(3);
    float[][] vectors = new float[300][];
    for (int i = 0; i < vectors.length; i++) {
      float[] vector = new float[256];
      for (int d = 0; d < vector.length; d++) {
        vector[d] = 1 + random.nextInt(3) * 1e-6f;
      }
      vectors[i] = unit(vector);
    }
    float[][] queries = Arrays.copyOf(vectors, 5);
    assertEqualsComparingEveryPair(queries, vectors, 10, 37);
  }

  @Test
  void equalsComparingEveryPairWhereMostProductsStayOpenAndFloat32TakesOver() {
    Random random = new Random(4);
    float[] centre = vectors(random, 1, 64)[0];
    float[][] vectors = new float[3000][];
    for (int i = 0; i < vectors.length; i++) {
      float[] vector = centre.clone();
      vector[random.nextInt(64)] += 1e-3f * random.nextInt(20);
      vectors[i] = unit(vector);
    }
    assertEqualsComparingEveryPair(Arrays.copyOf(vectors, 3), vectors, 5, 300);
  }

  @Test
  void equalsComparingEveryPairForVectorsOfAnyLength() {
    float[] scales = {0, 1e-45f, 1e-38f, 1e-30f, 1e-20f, 1e-3f, 1, 100, 1e10f, 1e25f, 3e37f};
    Random random = new Random(5);
    for (float ofQueries : scales) {
      for (float ofCandidates : scales) {
        float[][] queries = scaled(vectors(random, 3, 33), ofQueries);
        float[][] candidates = scaled(vectors(random, 120, 33), ofCandidates);
        assertEqualsComparingEveryPair(queries, candidates, 7, 50);
      }
    }
  }

  @Test
  void equalsComparingEveryPairForVectorsOfAllLengthsTogether() {
    Random random = new Random(6);
    float[][] vectors = vectors(random, 600, 24);
    for (float[] vector : vectors) {
      float scale = Math.scalb(1f, random.nextInt(60) - 30);
      for (int d = 0; d < vector.length; d++) {
        vector[d] *= random.nextInt(9) == 0 ? 0 : scale;
      }
    }
    assertEqualsComparingEveryPair(Arrays.copyOf(vectors, 20), vectors, 9, 128);
  }

  private static void assertEqualsComparingEveryPair(
      float[][] queries, float[][] candidates, int k, int blockSize) {
    Exclusion[] exclusions = new Exclusion[queries.length];
    Arrays.fill(exclusions, Exclusion.none());
    QueryBlock block = new QueryBlock(names(queries.length), exclusions, flat(queries));
    List<List<Hit>> found = search(block, candidates, k, blockSize);
    for (int query = 0; query < queries.length; query++) {
      assertEquals(oracle(queries[query], candidates, Exclusion.none(), k), found.get(query));
    }
  }

  private static float[][] scaled(float[][] vectors, float scale) {
    float[][] scaled = new float[vectors.length][];
    for (int i = 0; i < vectors.length; i++) {
      scaled[i] = vectors[i].clone();
      for (int d = 0; d < scaled[i].length; d++) {
        scaled[i][d] *= scale;
      }
    }
    return scaled;
  }

  @Test
  void ordersTiesByCandidateId() {
    float[][] same = {{1, 0}, {1, 0}, {1, 0}, {0, 1}};
    QueryBlock query = one(new float[] {1, 0}, Exclusion.none());
    try (ExactTopK top = new ExactTopK(query, 3, Device.cpu())) {
      top.add(new CandidateBlock(new String[] {"b", "😀", "ﾊ", "a"}, new String[4], flat(same)));
      assertEquals(
          List.of("b", "ﾊ", "😀"), top.retrieved(0).stream().map(Hit::candidateId).toList());
    }
  }

  @Test
  void exclusionsDoNotReduceK() {
    float[][] vectors = vectors(new Random(1), 100, 16);
    Set<String> positives = new TreeSet<>(Arrays.asList(names(100)).subList(0, 90));
    QueryBlock query = one(vectors[0], new Exclusion(positives, Set.of(), Float.POSITIVE_INFINITY));
    List<Hit> found = search(query, vectors, 10, 100).get(0);
    assertEquals(10, found.stream().filter(hit -> hit.reason() == null).count());
  }

  @Test
  void keepsOutWhatIsExactlyAtTheLimit() {
    float[][] vectors = {{0.6f, 0.8f}, {0.8f, 0.6f}, {1, 0}};
    float limit = Similarity.of(new float[] {1, 0}, vectors[1]);
    QueryBlock query = one(new float[] {1, 0}, new Exclusion(Set.of(), Set.of(), limit));
    assertEquals(
        List.of(
            new Hit("id0", 0.6f, null),
            new Hit("id2", 1f, Reason.ABOVE_SIMILARITY),
            new Hit("id1", 0.8f, Reason.ABOVE_SIMILARITY)),
        search(query, vectors, 3, 3).get(0));
  }

  @Test
  void refusesCandidatesOfOtherDimensions() {
    QueryBlock query = one(new float[] {1, 0}, Exclusion.none());
    try (ExactTopK top = new ExactTopK(query, 3, Device.cpu())) {
      CandidateBlock three =
          new CandidateBlock(new String[] {"a"}, new String[1], new float[] {1, 0, 0});
      assertThrows(IllegalArgumentException.class, () -> top.add(three));
    }
  }

  /** Retrieved, then excluded, of each query. */
  private static List<List<Hit>> search(
      QueryBlock queries, float[][] candidates, int k, int blockSize) {
    List<List<Hit>> found = search(queries, candidates, k, blockSize, FirstPass.BFLOAT16);
    assertEquals(found, search(queries, candidates, k, blockSize, FirstPass.FLOAT32));
    assertEquals(found, search(queries, candidates, k, blockSize, FirstPass.INT8));
    assertEquals(found, search(queries, candidates, k, blockSize, FirstPass.FLOAT32, 100));
    return found;
  }

  private static List<List<Hit>> search(
      QueryBlock queries, float[][] candidates, int k, int blockSize, FirstPass precision) {
    return search(queries, candidates, k, blockSize, precision, MANY);
  }

  /** With another precision after a few candidates, where this machine has a faster one. */
  private static List<List<Hit>> search(
      QueryBlock queries,
      float[][] candidates,
      int k,
      int blockSize,
      FirstPass precision,
      long few) {
    List<List<Hit>> found = new ArrayList<>();
    try (ExactTopK top = new ExactTopK(queries, k, Device.cpu(), precision, few)) {
      for (int from = 0; from < candidates.length; from += blockSize) {
        int to = Math.min(candidates.length, from + blockSize);
        top.add(
            new CandidateBlock(
                Arrays.copyOfRange(names(candidates.length), from, to),
                Arrays.copyOfRange(contents(candidates.length), from, to),
                flat(Arrays.copyOfRange(candidates, from, to))));
      }
      for (int query = 0; query < queries.size(); query++) {
        List<Hit> both = new ArrayList<>(top.retrieved(query));
        both.addAll(top.excluded(query));
        found.add(both);
      }
    }
    return found;
  }

  private static List<Hit> oracle(float[] query, float[][] candidates, Exclusion exclusion, int k) {
    List<Hit> all = new ArrayList<>();
    String[] names = names(candidates.length);
    String[] contents = contents(candidates.length);
    for (int i = 0; i < candidates.length; i++) {
      double dot = 0;
      double size = 0;
      for (int d = 0; d < query.length; d++) {
        dot += (double) query[d] * candidates[i][d];
        size += Math.abs((double) query[d] * candidates[i][d]);
      }
      // In double the order of summation does not reach the float, but for rare roundings.
      float similarity = Similarity.of(query, candidates[i]);
      if (Float.isFinite(similarity)) {
        assertEquals(dot, similarity, 1e-7 * size + Float.MIN_VALUE);
      }
      Reason reason = exclusion.reason(names[i], contents[i], similarity);
      all.add(new Hit(names[i], similarity, reason));
    }
    all.sort(Hit.NEAREST_FIRST);
    List<Hit> both =
        new ArrayList<>(all.stream().filter(h -> h.reason() == null).limit(k).toList());
    both.addAll(all.stream().limit(k).filter(h -> h.reason() != null).toList());
    return both;
  }

  /** Unit vectors, coarse enough to tie, every fifth a copy of an earlier one. */
  private static float[][] vectors(Random random, int size, int dimensions) {
    float[][] vectors = new float[size][];
    for (int i = 0; i < size; i++) {
      float[] vector = new float[dimensions];
      for (int d = 0; d < dimensions; d++) {
        vector[d] = random.nextBoolean() ? random.nextInt(3) - 1 : (float) random.nextGaussian();
      }
      vector[0] += 0.5f;
      vectors[i] = i > 0 && random.nextInt(5) == 0 ? vectors[random.nextInt(i)] : unit(vector);
    }
    return vectors;
  }

  private static Exclusion[] exclusions(Random random, int size) {
    Exclusion[] exclusions = new Exclusion[size];
    for (int i = 0; i < size; i++) {
      float limit = random.nextInt(3) == 0 ? Float.POSITIVE_INFINITY : random.nextFloat() - 0.3f;
      exclusions[i] =
          new Exclusion(
              Set.of("id" + random.nextInt(400), "id x"),
              Set.of("content" + random.nextInt(40)),
              limit);
    }
    return exclusions;
  }

  private static float[] unit(float[] vector) {
    double norm = Math.sqrt(Similarity.of(vector, vector));
    float[] unit = new float[vector.length];
    for (int d = 0; d < vector.length; d++) {
      unit[d] = (float) (vector[d] / norm);
    }
    return unit;
  }

  private static QueryBlock one(float[] vector, Exclusion exclusion) {
    return new QueryBlock(new String[] {"q"}, new Exclusion[] {exclusion}, vector);
  }

  private static String[] names(int size) {
    String[] names = new String[size];
    for (int i = 0; i < size; i++) {
      names[i] = "id" + i;
    }
    return names;
  }

  private static String[] contents(int size) {
    String[] contents = new String[size];
    for (int i = 0; i < size; i++) {
      contents[i] = i % 3 == 0 ? null : "content" + i % 40;
    }
    return contents;
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
    }
    return flat;
  }
}
