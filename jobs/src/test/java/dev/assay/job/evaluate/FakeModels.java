package dev.assay.job.evaluate;

import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.EMBEDDER;
import static dev.assay.job.workspace.Tables.EMBEDDING;
import static dev.assay.job.workspace.Tables.ERROR;
import static dev.assay.job.workspace.Tables.JUDGE;
import static dev.assay.job.workspace.Tables.LIST;
import static dev.assay.job.workspace.Tables.MARGIN;
import static dev.assay.job.workspace.Tables.PROBABILITY;
import static dev.assay.job.workspace.Tables.QUERY_HASH;
import static dev.assay.job.workspace.Tables.RERANKER;
import static dev.assay.job.workspace.Tables.TEXT;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.JobContext;
import dev.assay.job.store.Computation;
import java.util.Random;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;

/**
 * Models that make it up from the texts. What stands behind a {@code #} they do not see, so that
 * different contents tie; a text that begins with {@code nan} has no embedding.
 */
final class FakeModels implements Models {
  private static final int DIMENSIONS = 4;

  @Override
  public Computation embedder(String location, String imageRoot) {
    String name = name(location);
    UDF1<String, float[]> embed = text -> vector(name, text);
    return new Fake() {
      @Override
      public Dataset<Row> sign(Dataset<Row> wanted) {
        return wanted
            .withColumn(EMBEDDER, lit(name))
            .withColumn(Computation.TOGETHER, col(CONTENT_HASH));
      }

      @Override
      public Dataset<Row> compute(Dataset<Row> slice, long rows, LongAccumulator done) {
        return slice
            .withColumn(
                EMBEDDING,
                when(
                    col(TEXT).startsWith("nan").equalTo(false),
                    udf(embed, DataTypes.createArrayType(DataTypes.FloatType)).apply(col(TEXT))))
            .withColumn(
                ERROR, when(col(TEXT).startsWith("nan"), lit("nan_embedding: not a number")));
      }
    };
  }

  @Override
  public Computation pairwise(String location, String imageRoot) {
    return reranker(JUDGE, MARGIN, col(QUERY_HASH));
  }

  @Override
  public Computation listwise(String location, String imageRoot) {
    return reranker(RERANKER, PROBABILITY, col(LIST));
  }

  private static Computation reranker(String name, String value, Column together) {
    UDF2<String, String, Float> margin = FakeModels::margin;
    return new Fake() {
      @Override
      public Dataset<Row> sign(Dataset<Row> wanted) {
        return wanted.withColumn(name, lit("fake")).withColumn(Computation.TOGETHER, together);
      }

      @Override
      public Dataset<Row> compute(Dataset<Row> slice, long rows, LongAccumulator done) {
        return slice
            .withColumn(
                value,
                udf(margin, DataTypes.FloatType).apply(col("query_text"), col("candidate_text")))
            .withColumn(ERROR, when(col(value).isNull(), lit("nan_margin: not a number")));
      }
    };
  }

  /** A computation for which nothing is loaded. */
  private abstract static class Fake
      implements Computation, Computation.Identified, Computation.Loaded {
    @Override
    public final Identified identify(JobContext context) {
      return this;
    }

    @Override
    public final Loaded load() {
      return this;
    }
  }

  private static String name(String location) {
    return new Path(location).getName();
  }

  /** A unit vector. */
  static float[] vector(String location, String text) {
    Random random = new Random((name(location) + seen(text)).hashCode());
    float[] vector = new float[DIMENSIONS];
    double square = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) random.nextGaussian();
      square += (double) vector[i] * vector[i];
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] /= (float) Math.sqrt(square);
    }
    return vector;
  }

  /** One of five values, and for some pairs none. */
  static Float margin(String query, String candidate) {
    int drawn = new Random((seen(query) + "|" + seen(candidate)).hashCode()).nextInt(6);
    return drawn == 5 ? null : (Float) (float) drawn;
  }

  private static String seen(String text) {
    return text.split("#", -1)[0];
  }
}
