package dev.assay.udf;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.udf.task.ModelSettings;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Gives the fingerprints of a model where tasks run, with commas between. */
@FunctionalInterface
interface ModelProbe extends Serializable {
  String answer(ModelSettings settings);

  /**
   * Runs a probe. A fault comes back as a value: if the task threw it, Spark would try again and
   * report a stack trace.
   *
   * @param tasks side by side
   * @return what they answered, without repetitions
   */
  static List<String> run(ModelProbe probe, ModelSettings settings, SparkSession spark, int tasks) {
    List<Tuple2<String, String>> answers =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(Collections.nCopies(tasks, 0), tasks)
            .map(
                one -> {
                  try {
                    return new Tuple2<>("", probe.answer(settings));
                  } catch (CheckpointException e) {
                    return new Tuple2<>("checkpoint", e.getMessage());
                  } catch (IllegalArgumentException e) {
                    return new Tuple2<>("settings", e.getMessage());
                  }
                })
            .collect();
    for (Tuple2<String, String> answer : answers) {
      switch (answer._1()) {
        case "checkpoint" -> throw new CheckpointException(answer._2());
        case "settings" -> throw new IllegalArgumentException(answer._2());
        default -> {}
      }
    }
    return answers.stream()
        .flatMap(answer -> Arrays.stream(answer._2().split(",")))
        .distinct()
        .toList();
  }
}
