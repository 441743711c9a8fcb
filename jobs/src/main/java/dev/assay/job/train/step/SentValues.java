package dev.assay.job.train.step;

import dev.assay.model.training.Piece;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/** The values of all parameters on their way to the tasks of a step. */
public interface SentValues extends AutoCloseable {
  /** Values of some pieces. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Some(List<Piece> pieces, float[][] values) implements Serializable {
    /** Values of all parameters. */
    static Some whole(float[][] values) {
      return new Some(
          IntStream.range(0, values.length)
              .mapToObj(p -> new Piece(p, 0, values[p].length))
              .toList(),
          values);
    }
  }

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
    Iterator<T> of(P given, Iterator<Some> values) throws InterruptedException;
  }

  /** Some work on each of some items, a task each. */
  <P, T> JavaRDD<T> with(List<P> items, Work<P, T> work);

  /** Frees what the tasks were sent. */
  @Override
  void close();
}
