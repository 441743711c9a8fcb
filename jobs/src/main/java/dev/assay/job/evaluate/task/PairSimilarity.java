package dev.assay.job.evaluate.task;

import static dev.assay.job.workspace.Tables.CONTENT_HASH;
import static dev.assay.job.workspace.Tables.EMBEDDING;
import static org.apache.spark.sql.functions.udf;

import dev.assay.retrieval.Similarity;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The similarity of given pairs. Each vector is in as many pairs as there are choices, so it is
 * kept as bytes: these are read from a row without an object for each number.
 */
final class PairSimilarity {
  /** Column of a vector as bytes. */
  static final String VECTOR = "vector";

  private static final StructType SCHEMA =
      new StructType().add(CONTENT_HASH, DataTypes.StringType).add(VECTOR, DataTypes.BinaryType);

  private PairSimilarity() {}

  /** content_hash, vector of content_hash, embedding. */
  static Dataset<Row> vectors(Dataset<Row> embeddings) {
    return embeddings
        .select(CONTENT_HASH, EMBEDDING)
        .map(
            (MapFunction<Row, Row>) row -> RowFactory.create(row.get(0), bytes(row.getList(1))),
            Encoders.row(SCHEMA));
  }

  /** The similarity of two columns of vectors; null where one is. */
  static Column of(Column a, Column b) {
    UDF2<byte[], byte[], Float> similarity =
        (left, right) ->
            left == null || right == null ? null : Similarity.of(floats(left), floats(right));
    return udf(similarity, DataTypes.FloatType).apply(a, b);
  }

  private static byte[] bytes(List<Float> values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.size() * Float.BYTES);
    values.forEach(buffer::putFloat);
    return buffer.array();
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }
}
