package dev.assay.job.retrieve;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;

import dev.assay.job.search.Vectors;
import dev.assay.job.workspace.Tables;
import dev.assay.retrieval.Similarity;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** How similar queries are to their own positives. */
final class PositiveSimilarity {
  private static final String CANDIDATE_EMBEDDING = "candidate_embedding";

  private PositiveSimilarity() {}

  /** Columns query_id and {@code name}, the similarity with the least similar positive. */
  static Dataset<Row> lowest(
      Dataset<Row> positives,
      Dataset<Row> queryVectors,
      Dataset<Row> candidateVectors,
      String name) {
    StructType schema =
        new StructType()
            .add(Tables.QUERY_ID, DataTypes.StringType)
            .add(Tables.SIMILARITY, DataTypes.FloatType);
    return positives
        .join(queryVectors, new String[] {Tables.QUERY_ID}, "inner")
        .join(
            candidateVectors.withColumnRenamed(Tables.EMBEDDING, CANDIDATE_EMBEDDING),
            new String[] {Tables.CANDIDATE_ID},
            "inner")
        .select(Tables.QUERY_ID, Tables.EMBEDDING, CANDIDATE_EMBEDDING)
        .map(
            (MapFunction<Row, Row>)
                row ->
                    RowFactory.create(
                        row.getString(0),
                        Similarity.of(Vectors.floats(row, 1), Vectors.floats(row, 2))),
            Encoders.row(schema))
        .groupBy(Tables.QUERY_ID)
        .agg(min(col(Tables.SIMILARITY)).as(name));
  }
}
