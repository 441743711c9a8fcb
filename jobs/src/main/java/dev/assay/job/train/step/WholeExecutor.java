package dev.assay.job.train.step;

import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.jdk.javaapi.CollectionConverters;

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
  private static final String GPUS = "spark.executor.resource.gpu.amount";

  /**
   * For the executors that run now. There must be at least one: run a task before.
   *
   * @param gpus whether GPUs are used where there are some
   */
  public static WholeExecutor of(SparkContext spark, boolean gpus) {
    if (spark.isLocal()) {
      return new WholeExecutor(Optional.empty(), 1);
    }
    List<ExecutorSummary> executors =
        CollectionConverters.asJava(spark.statusStore().executorList(true)).stream()
            .filter(executor -> executor.totalCores() > 0) // the driver has none
            .toList();
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
}
