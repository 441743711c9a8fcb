package dev.assay.job.train.shard;

import java.io.Serializable;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/** All partitions in one, which is wanted everywhere alike. */
final class OneGroup implements PartitionCoalescer, Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public PartitionGroup[] coalesce(int most, RDD<?> parent) {
    PartitionGroup all = new PartitionGroup(Option.empty());
    for (var partition : parent.partitions()) {
      all.partitions().append(partition);
    }
    return new PartitionGroup[] {all};
  }
}
