package dev.assay.udf;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.udf.rows.ModelSettings;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Loads a model where tasks run, and gives its fingerprint. */
@FunctionalInterface
interface ModelProbe extends Serializable {
  String fingerprint(ModelSettings settings);

  /**
   * Runs a probe in one task. What it finds wrong comes back as a value: thrown in the task, it
   * would be tried again and reported as a stack trace of Spark's.
   */
  static String run(ModelProbe probe, ModelSettings settings, SparkSession spark) {
    Tuple2<String, String> answer =
        spark
            .createDataset(List.of(0), Encoders.INT())
            .map(
                (MapFunction<Integer, Tuple2<String, String>>)
                    one -> {
                      try {
                        return new Tuple2<>("", probe.fingerprint(settings));
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
      default -> answer._2();
    };
  }
}
