package dev.assay.job.ingest.images;

import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.runtime.AbstractFunction1;

/** Some partitions of an RDD as an RDD of its own, so that work is committed slice by slice. */
public final class SomePartitions extends AbstractFunction1<Object, Object>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int from;
  private final int to;

  private SomePartitions(int from, int to) {
    this.from = from;
    this.to = to;
  }

  /** The partitions from {@code from} to before {@code to}. */
  public static <T> JavaRDD<T> of(JavaRDD<T> rows, int from, int to) {
    return PartitionPruningRDD.create(rows.rdd(), new SomePartitions(from, to)).toJavaRDD();
  }

  @Override
  public Object apply(Object partition) {
    return from <= (int) partition && (int) partition < to;
  }
}
