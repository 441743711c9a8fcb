package dev.assay.job.retrieve;

import dev.assay.job.search.Pool;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Random queries and candidates, with ties and twins, and brute force over them. */
record World(
    List<float[]> queries,
    List<float[]> candidates,
    List<Set<String>> positives,
    Set<String> unembedded) {
  private static final int CONTENTS = 60;

  private record Ranked(String id, float similarity, String reason, Float threshold) {}

  static World random(Random random, int queries, int candidates, int dimensions) {
    List<Set<String>> positives = new ArrayList<>();
    for (int q = 0; q < queries; q++) {
      Set<String> own = new TreeSet<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        own.add("c" + random.nextInt(candidates));
      }
      positives.add(own);
    }
    return new World(
        vectors(random, queries, dimensions),
        vectors(random, candidates, dimensions),
        positives,
        new TreeSet<>());
  }

  private static List<float[]> vectors(Random random, int size, int dimensions) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      float[] vector = new float[dimensions];
      double square = 0;
      for (int d = 0; d < dimensions; d++) {
        vector[d] = (float) random.nextGaussian() + 0.3f;
        square += (double) vector[d] * vector[d];
      }
      for (int d = 0; d < dimensions; d++) {
        vector[d] /= (float) Math.sqrt(square);
      }
      vectors.add(i > 0 && random.nextInt(4) == 0 ? vectors.get(random.nextInt(i)) : vector);
    }
    return vectors;
  }

  private static String content(int candidate) {
    return candidate % 3 == 0 ? null : "content" + candidate % CONTENTS;
  }

  private static String dataset(int item) {
    return item % 5 == 4 ? null : "set" + item % 5;
  }

  Workspace write(Workspace workspace, int partitions) {
    TestTables.write(workspace, Tables.QUERIES, items("q", queries.size()), partitions);
    TestTables.write(workspace, Tables.CANDIDATES, items("c", candidates.size()), partitions);
    List<Row> pairs = new ArrayList<>();
    for (int q = 0; q < positives.size(); q++) {
      for (String positive : positives.get(q)) {
        pairs.add(RowFactory.create("q" + q, positive));
      }
    }
    TestTables.write(workspace, Tables.POSITIVES, pairs, partitions);
    TestTables.write(workspace, Tables.QUERY_EMBEDDINGS, embeddings("q", queries), partitions);
    writeCandidateEmbeddings(workspace, partitions);
    return workspace;
  }

  void writeCandidateEmbeddings(Workspace workspace, int partitions) {
    TestTables.write(
        workspace, Tables.CANDIDATE_EMBEDDINGS, embeddings("c", candidates), partitions);
  }

  private static List<Row> items(String prefix, int size) {
    return IntStream.range(0, size)
        .mapToObj(i -> RowFactory.create(prefix + i, dataset(i), "text", null, content(i)))
        .toList();
  }

  private List<Row> embeddings(String prefix, List<float[]> vectors) {
    return IntStream.range(0, vectors.size())
        .filter(i -> !unembedded.contains(prefix + i))
        .mapToObj(i -> RowFactory.create(prefix + i, vectors.get(i)))
        .toList();
  }

  /** The table {@code retrieved}, sorted as text. */
  List<String> retrieved(RetrieveOptions options) {
    List<String> rows = new ArrayList<>();
    for (int q = 0; q < queries.size(); q++) {
      List<Ranked> kept = ranked(q, options).stream().filter(r -> r.reason() == null).toList();
      for (int rank = 0; rank < Math.min(options.topK(), kept.size()); rank++) {
        Ranked hit = kept.get(rank);
        rows.add("[q" + q + "," + hit.id() + "," + rank + "," + hit.similarity() + "]");
      }
    }
    rows.sort(null);
    return rows;
  }

  /** The table {@code excluded}, sorted as text. */
  List<String> excluded(RetrieveOptions options) {
    List<String> rows = new ArrayList<>();
    for (int q = 0; q < queries.size(); q++) {
      for (Ranked hit : ranked(q, options).stream().limit(options.topK()).toList()) {
        if (hit.reason() != null) {
          rows.add(
              String.format(
                  "[q%d,%s,%s,%s,%s]",
                  q, hit.id(), hit.similarity(), hit.reason(), hit.threshold()));
        }
      }
    }
    rows.sort(null);
    return rows;
  }

  /** Every candidate of the query's pool, nearest first. */
  private List<Ranked> ranked(int q, RetrieveOptions options) {
    Float limit =
        switch (options.maxSimilarity().kind()) {
          case NONE -> null;
          case NUMBER -> options.maxSimilarity().value();
          case POSITIVE -> {
            float lowest = 2;
            for (String positive : positives.get(q)) {
              lowest = Math.min(lowest, similarity(q, Integer.parseInt(positive.substring(1))));
            }
            yield lowest;
          }
        };
    List<Ranked> all = new ArrayList<>();
    for (int c = 0; c < candidates.size(); c++) {
      if (inPool(q, c, options.pool()) && standsForItsContent(c, options.pool())) {
        float similarity = similarity(q, c);
        String reason = null;
        if (positives.get(q).contains("c" + c)) {
          reason = "positive";
        } else if (sameContent(q, c)) {
          reason = "same_content";
        } else if (limit != null && similarity >= limit) {
          reason = "above_similarity";
        }
        Float threshold = "above_similarity".equals(reason) ? limit : null;
        all.add(new Ranked("c" + c, similarity, reason, threshold));
      }
    }
    all.sort(
        (a, b) ->
            a.similarity() != b.similarity()
                ? Float.compare(b.similarity(), a.similarity())
                : a.id().compareTo(b.id()));
    return all.stream().map(hit -> named(hit, q, options.pool())).toList();
  }

  private static boolean inPool(int q, int c, Pool pool) {
    return pool == Pool.GLOBAL || ("" + dataset(q)).equals("" + dataset(c));
  }

  /** Whether no other embedded candidate of its pool has its content and a smaller id. */
  private boolean standsForItsContent(int c, Pool pool) {
    for (int other = 0; content(c) != null && other < candidates.size(); other++) {
      if (content(c).equals(content(other))
          && inPool(c, other, pool)
          && !unembedded.contains("c" + other)
          && ("c" + other).compareTo("c" + c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** A positive's content goes by the id of the positive. */
  private Ranked named(Ranked hit, int q, Pool pool) {
    String content = content(Integer.parseInt(hit.id().substring(1)));
    return positives.get(q).stream()
        .filter(positive -> content != null && hit.reason() != null)
        .filter(positive -> content.equals(content(Integer.parseInt(positive.substring(1)))))
        .filter(positive -> inPool(q, Integer.parseInt(positive.substring(1)), pool))
        .filter(positive -> !unembedded.contains(positive))
        .min(String::compareTo)
        .map(positive -> new Ranked(positive, hit.similarity(), "positive", null))
        .orElse(hit);
  }

  private boolean sameContent(int q, int c) {
    if (content(c) == null) {
      return false;
    }
    boolean same = content(c).equals(content(q));
    for (String positive : positives.get(q)) {
      same |= content(c).equals(content(Integer.parseInt(positive.substring(1))));
    }
    return same;
  }

  private float similarity(int q, int c) {
    double dot = 0;
    for (int d = 0; d < queries.get(q).length; d++) {
      dot += (double) queries.get(q)[d] * candidates.get(c)[d];
    }
    return (float) dot;
  }
}
