package dev.assay.job.train.step;

import dev.assay.udf.rows.ItemReader;
import java.io.Serializable;

/**
 * Makes examples of rows, where the images are needed.
 *
 * @param <R> a row
 * @param <E> an example
 */
@FunctionalInterface
public interface ExampleMaker<R, E> extends Serializable {
  /**
   * @throws dev.assay.item.BadItemException if an item cannot be read
   */
  E make(R row, ItemReader reader);
}
