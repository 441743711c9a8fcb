package dev.assay.job.search;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import dev.assay.job.workspace.Tables;
import dev.assay.retrieval.Cells;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Finds the cells of a search by k-means on a sample of the candidates. The same candidates give
 * the same cells: the sample is those whose ids have the smallest hashes, it is one partition, so
 * that sums have one order, and the seed is fixed.
 */
public final class CellTraining {
  /** Candidates of the sample for each cell. */
  private static final int SAMPLE = 32;

  /** Candidates of the sample, at most: 400 MB at 768 dimensions, in one task. */
  private static final int MOST = 65_536;

  private static final int ROUNDS = 10;
  private static final long SEED = 0;
  private static final String FEATURES = "features";

  private CellTraining() {}

  /**
   * @param candidates columns candidate_id, embedding; at least one
   * @param count how many cells; fewer where the sample has fewer different vectors
   */
  public static Cells of(Dataset<Row> candidates, int count) {
    Dataset<Row> sample =
        candidates
            .orderBy(xxhash64(col(Tables.CANDIDATE_ID)), col(Tables.CANDIDATE_ID))
            .limit((int) Math.max(count, Math.min(MOST, (long) SAMPLE * count)))
            .select(functions.array_to_vector(col(Tables.EMBEDDING)).as(FEATURES))
            .coalesce(1)
            .persist();
    try {
      Vector[] centres =
          new KMeans()
              .setK(count)
              .setInitMode("random")
              .setMaxIter(ROUNDS)
              .setSeed(SEED)
              .setFeaturesCol(FEATURES)
              .fit(sample)
              .clusterCenters();
      return new Cells(directed(centres));
    } finally {
      sample.unpersist();
    }
  }

  /** The centres that have a direction. */
  private static float[][] directed(Vector[] centres) {
    List<float[]> directed = new ArrayList<>();
    for (Vector centre : centres) {
      float[] numbers = new float[centre.size()];
      double square = 0;
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) centre.apply(i);
        square += (double) numbers[i] * numbers[i];
      }
      if (square > 1e-12) {
        directed.add(numbers);
      }
    }
    if (directed.isEmpty()) {
      float[] any = new float[centres[0].size()];
      any[0] = 1;
      directed.add(any);
    }
    return directed.toArray(float[][]::new);
  }
}
