package dev.assay.retrieval;

import ai.djl.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Seconds of an exact search, to be held against {@code src/benchmarks/retrieval/faiss_flat.py},
 * which reads the vectors that this writes. Not a test.
 *
 * <p>Arguments: FOLDER [QUERIES CANDIDATES DIMENSIONS K ROUNDS]
 */
final class RetrievalBench {
  private static final int BLOCK = 4096;

  private RetrievalBench() {}

  public static void main(String[] args) throws IOException {
    int queries = argument(args, 1, 2000);
    int candidates = argument(args, 2, 50_000);
    int dimensions = argument(args, 3, 768);
    int k = argument(args, 4, 50);
    Path folder = Files.createDirectories(Path.of(args[0]));
    Random random = new Random(0);
    float[] queryVectors = vectors(random, queries, dimensions);
    float[] candidateVectors = vectors(random, candidates, dimensions);
    save(folder.resolve("queries.f32"), queryVectors);
    save(folder.resolve("candidates.f32"), candidateVectors);
    String[] ids = new String[candidates];
    Arrays.setAll(ids, i -> String.format(Locale.ROOT, "%08d", i));
    Exclusion[] exclusions = new Exclusion[queries];
    Arrays.fill(exclusions, Exclusion.none());
    QueryBlock block = new QueryBlock(new String[queries], exclusions, queryVectors);
    for (int round = 0; round < argument(args, 5, 5); round++) {
      long start = System.nanoTime();
      try (ExactTopK search = new ExactTopK(block, k, Device.cpu())) {
        for (int from = 0; from < candidates; from += BLOCK) {
          int to = Math.min(candidates, from + BLOCK);
          search.add(
              new CandidateBlock(
                  Arrays.copyOfRange(ids, from, to),
                  new String[to - from],
                  Arrays.copyOfRange(candidateVectors, from * dimensions, to * dimensions)));
        }
        StringBuilder found = new StringBuilder();
        for (int query = 0; query < queries; query++) {
          search.retrieved(query).forEach(hit -> found.append(hit.candidateId()).append(' '));
          found.append('\n');
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "exact top-k  %.2f s%n", seconds);
        Files.writeString(folder.resolve("found.txt"), found);
      }
    }
  }

  private static int argument(String[] args, int place, int otherwise) {
    return args.length > place ? Integer.parseInt(args[place]) : otherwise;
  }

  private static float[] vectors(Random random, int size, int dimensions) {
    float[] vectors = new float[size * dimensions];
    for (int at = 0; at < vectors.length; at += dimensions) {
      double square = 0;
      for (int i = at; i < at + dimensions; i++) {
        vectors[i] = (float) random.nextGaussian();
        square += (double) vectors[i] * vectors[i];
      }
      for (int i = at; i < at + dimensions; i++) {
        vectors[i] /= (float) Math.sqrt(square);
      }
    }
    return vectors;
  }

  private static void save(Path file, float[] vectors) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(vectors.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vectors);
    Files.write(file, bytes.array());
  }
}
