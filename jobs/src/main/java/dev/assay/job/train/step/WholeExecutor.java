package dev.assay.job.train.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Runs each task alone on an executor, or on one of its GPUs where it has several. In other jobs of
 * the session many tasks share an executor; a training task uses the memory and all cores for its
 * replica.
 *
 * @param profile the resources that such a task requests; empty in local mode, where tasks cannot
 *     request any and use the one replica in turn
 * @param slots how many of these tasks run at a time
 */
public record WholeExecutor(Optional<ResourceProfile> profile, int slots) {
  private static final Seq<String> NOWHERE =
      CollectionConverters.asScala(List.<String>of()).toSeq();
  private static final String GPUS = "spark.executor.resource.gpu.amount";

  /** The same rows, computed by tasks of this kind. */
  public <T> JavaRDD<T> alone(JavaRDD<T> rdd) {
    return profile.map(rdd::withResources).orElse(rdd);
  }

  /**
   * Items to be worked on, a task each, of which each executor prefers its share. Otherwise a task
   * would prefer the executor that has the first of the blocks that it reads, and all tasks the
   * same.
   */
  public <T> JavaRDD<T> spread(List<T> items, JavaSparkContext spark) {
    if (profile.isEmpty()) {
      return spark.parallelize(items, items.size());
    }
    List<Seq<String>> places =
        executors(spark.sc()).stream()
            .map(one -> "executor_" + one.hostPort().replaceFirst(":\\d+$", "") + "_" + one.id())
            .map(place -> CollectionConverters.asScala(List.of(place)).toSeq())
            .toList();
    List<Tuple2<T, Seq<String>>> placed = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Seq<String> place = places.isEmpty() ? NOWHERE : places.get(i % places.size());
      placed.add(new Tuple2<>(items.get(i), place));
    }
    ClassTag<T> any = ClassTag$.MODULE$.apply(Object.class);
    return alone(
        JavaRDD.fromRDD(
            spark.sc().makeRDD(CollectionConverters.asScala(placed).toSeq(), any), any));
  }

  /**
   * For the executors that run now. There must be at least one: run a task before.
   *
   * @param gpus whether GPUs are used where there are some
   */
  public static WholeExecutor of(SparkContext spark, boolean gpus) {
    if (spark.isLocal()) {
      return new WholeExecutor(Optional.empty(), 1);
    }
    List<ExecutorSummary> executors = executors(spark);
    int cores = executors.stream().mapToInt(ExecutorSummary::totalCores).min().orElse(1);
    int devices = gpus ? spark.conf().getInt(GPUS, 0) : 0;
    int each = Math.max(1, cores / Math.max(1, devices));
    TaskResourceRequests requests = new TaskResourceRequests().cpus(each);
    if (devices > 0) {
      requests.resource("gpu", 1);
    }
    ResourceProfile profile = new ResourceProfileBuilder().require(requests).build();
    int tasks = Math.max(1, executors.size()) * Math.max(1, Math.min(devices, cores));
    return new WholeExecutor(Optional.of(profile), tasks);
  }

  private static List<ExecutorSummary> executors(SparkContext spark) {
    return CollectionConverters.asJava(spark.statusStore().executorList(true)).stream()
        .filter(executor -> executor.totalCores() > 0) // the driver has none
        .toList();
  }
}
