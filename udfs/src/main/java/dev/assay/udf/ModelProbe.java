package dev.assay.udf;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.udf.task.ModelSettings;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Gives the fingerprints of a model where tasks run, with commas between. */
@FunctionalInterface
interface ModelProbe extends Serializable {
  String answer(ModelSettings settings);

  /**
   * Runs a probe in one task. A fault comes back as a value: if the task threw it, Spark would try
   * again and report a stack trace.
   */
  static List<String> run(ModelProbe probe, ModelSettings settings, SparkSession spark) {
    Tuple2<String, String> answer =
        spark
            .createDataset(List.of(0), Encoders.INT())
            .map(
                (MapFunction<Integer, Tuple2<String, String>>)
                    one -> {
                      try {
                        return new Tuple2<>("", probe.answer(settings));
                      } catch (CheckpointException e) {
                        return new Tuple2<>("checkpoint", e.getMessage());
                      } catch (IllegalArgumentException e) {
                        return new Tuple2<>("settings", e.getMessage());
                      }
                    },
                Encoders.tuple(Encoders.STRING(), Encoders.STRING()))
            .first();
    return switch (answer._1()) {
      case "checkpoint" -> throw new CheckpointException(answer._2());
      case "settings" -> throw new IllegalArgumentException(answer._2());
      default -> Arrays.asList(answer._2().split(","));
    };
  }
}
