import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.udf.Judge;
import dev.assay.udf.task.ImageCounter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Times Assay's judge on the pairs of make_inputs.py: {@code CHECKPOINT INPUTS ORDER PRECISION
 * TASKS}. Prints one JSON object. The model is loaded before; Spark's part is in the time.
 */
public class JudgeSharedImages {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    JsonNode inputs = new ObjectMapper().readTree(folder.resolve("inputs.json").toFile());
    int tasks = Integer.parseInt(arguments[4]);
    SparkSession spark =
        SparkSession.builder()
            .master("local[" + tasks + "]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    ImageCounter images = new ImageCounter();
    spark.sparkContext().register(images, "images");
    Judge judge =
        new Judge()
            .setModelUrl(arguments[0])
            .setInputCols("query_text", "query_image", "candidate_text", "candidate_image")
            .setImageRoot(folder.toUri().toString())
            .setOutputCol("margin")
            .setErrorCol("error")
            .setOrder(arguments[2])
            .setPrecision(arguments[3])
            .setNumPartitions(4 * tasks)
            .withImageCounter(images);
    judge.check(spark);

    long start = System.nanoTime();
    float[] margins = new float[inputs.get("pairs").size()];
    for (Row row : judge.transform(pairs(spark, inputs)).collectAsList()) {
      if (row.getAs("error") != null) {
        throw new IllegalStateException(row.toString());
      }
      margins[row.<Integer>getAs("number")] = row.<Float>getAs("margin");
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("pairs", margins.length);
    result.put("seconds", seconds);
    result.put("images", images.value().distinct());
    result.put("images_encoded", images.value().encoded());
    result.put("margins", margins);
    System.out.println(new ObjectMapper().writeValueAsString(result));
    spark.stop();
  }

  private static org.apache.spark.sql.Dataset<Row> pairs(SparkSession spark, JsonNode inputs) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode pair : inputs.get("pairs")) {
      rows.add(
          RowFactory.create(
              rows.size(),
              inputs.get("queries").get(pair.get(0).asInt()).asText(),
              null,
              null,
              inputs.get("images").get(pair.get(1).asInt()).asText()));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("number", DataTypes.IntegerType)
            .add("query_text", DataTypes.StringType)
            .add("query_image", DataTypes.StringType)
            .add("candidate_text", DataTypes.StringType)
            .add("candidate_image", DataTypes.StringType));
  }
}
