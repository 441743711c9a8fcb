package dev.assay.job.train.shard;

import dev.assay.job.train.step.SentValues;
import dev.assay.job.train.step.WholeExecutor;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Option;
import scala.Tuple2;

/**
 * Values that each task fetches from the executors that have them.
 *
 * @param shards the values of one shard a partition, in the order of the parameters
 */
record ShardValues(JavaSparkContext spark, WholeExecutor executor, JavaRDD<SentValues.Some> shards)
    implements SentValues {
  @Override
  public <P, T> JavaRDD<T> with(List<P> items, Work<P, T> work) {
    JavaRDD<SentValues.Some> all =
        JavaRDD.fromRDD(
            shards.rdd().coalesce(1, false, Option.apply(new OneGroup()), null), shards.classTag());
    return executor
        .spread(items, spark)
        .cartesian(all)
        .mapPartitions(
            pairs -> {
              Tuple2<P, SentValues.Some> first = pairs.next(); // each has the item
              return work.of(first._1(), new Values<>(first, pairs));
            });
  }

  /** Values as they are fetched. */
  private static final class Values<P> implements Iterator<SentValues.Some> {
    private final Iterator<Tuple2<P, SentValues.Some>> rest;
    private Tuple2<P, SentValues.Some> next;

    Values(Tuple2<P, SentValues.Some> first, Iterator<Tuple2<P, SentValues.Some>> rest) {
      this.next = first;
      this.rest = rest;
    }

    @Override
    public boolean hasNext() {
      return next != null || rest.hasNext();
    }

    @Override
    public SentValues.Some next() {
      SentValues.Some values = (next == null ? rest.next() : next)._2();
      next = null;
      return values;
    }
  }

  @Override
  public void close() {
    // The shards are the optimization's.
  }
}
