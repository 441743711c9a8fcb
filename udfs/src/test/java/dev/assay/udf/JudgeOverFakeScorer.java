package dev.assay.udf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;

/** A judge over {@link FakeScorer}, and pairs for it. */
abstract class JudgeOverFakeScorer {
  static final StructType PAIRS =
      new StructType()
          .add("id", DataTypes.IntegerType)
          .add("qt", DataTypes.StringType)
          .add("qi", DataTypes.BinaryType)
          .add("ct", DataTypes.StringType)
          .add("ci", DataTypes.BinaryType);

  final SparkSession spark = TestSpark.session();
  private int ids;

  @BeforeEach
  void forgetCalls() {
    FakeScorer.CALLS.clear();
  }

  /** What was scored, in an order that does not depend on the tasks. */
  static List<FakeScorer.Call> sorted() {
    List<FakeScorer.Call> calls = new ArrayList<>(FakeScorer.CALLS);
    calls.sort(
        Comparator.comparing(FakeScorer.Call::candidateFirst)
            .thenComparing(FakeScorer.Call::shared)
            .thenComparing(FakeScorer.Call::others));
    return calls;
  }

  static Judge judge() {
    return new Judge()
        .setModelUrl("nowhere")
        .setInputCols("qt", "qi", "ct", "ci")
        .setOutputCol("margin")
        .setErrorCol("error")
        .withSource(FakeScorer.source());
  }

  Row pair(String queryText, String candidateText) {
    return pair(queryText, null, candidateText, null);
  }

  Row pair(String queryText, String queryImage, String candidateText, String candidateImage) {
    return RowFactory.create(
        ids++, queryText, bytes(queryImage), candidateText, bytes(candidateImage));
  }

  static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  Dataset<Row> pairs(List<Row> rows) {
    return spark.createDataFrame(rows, PAIRS);
  }
}
