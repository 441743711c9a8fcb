package dev.assay.job.train.step;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Values that the driver sends to all executors. */
record BroadcastValues(JavaSparkContext spark, WholeExecutor executor, Broadcast<float[][]> sent)
    implements SentValues {
  /**
   * Sends the values with a new outer array in each step, so that a replica that keeps the values
   * it was given last notices the change. The inner arrays stay the same.
   */
  BroadcastValues(JavaSparkContext spark, WholeExecutor executor, float[][] values) {
    this(spark, executor, spark.broadcast(values.clone()));
  }

  @Override
  public <P, T> JavaRDD<T> with(List<P> items, Work<P, T> work) {
    Broadcast<float[][]> values = sent;
    return executor
        .alone(spark.parallelize(items, items.size()))
        .flatMap(item -> work.of(item, List.of(Some.whole(values.value())).iterator()));
  }

  @Override
  public void close() {
    sent.destroy();
  }
}
