package dev.assay.job.train.step;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/** The values of all parameters on their way to the tasks of a step. */
public interface SentValues extends AutoCloseable {
  /**
   * What a task does.
   *
   * @param <P> what it is given
   * @param <T> what it makes of it
   */
  @FunctionalInterface
  interface Work<P, T> extends Serializable {
    /**
     * @param values of all parameters, in their order, some at a time; not changed
     */
    Iterator<T> of(P given, Iterator<float[][]> values) throws InterruptedException;
  }

  /** Some work on each of some items, a task each. */
  <P, T> JavaRDD<T> with(List<P> items, Work<P, T> work);

  /** Frees what the tasks were sent. */
  @Override
  void close();
}
