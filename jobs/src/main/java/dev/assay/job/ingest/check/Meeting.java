package dev.assay.job.ingest.check;

import dev.assay.job.ingest.input.FoundItem;
import dev.assay.job.ingest.input.FoundPair;
import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.Partitioner;

/**
 * Where a row stands in a shuffle. Rows of one group come to one task, one after the other, ordered
 * by {@code within} and then by the order of the input. A row that cannot be used is in a group of
 * its own: a million of them may have no id.
 *
 * @param group such as an id
 * @param within such as the other id of a pair
 */
record Meeting(String group, String within, long ordinal)
    implements Comparable<Meeting>, Serializable {
  private static final Comparator<Meeting> ORDER =
      Comparator.comparing(Meeting::group)
          .thenComparing(Meeting::within)
          .thenComparingLong(Meeting::ordinal);

  static Meeting of(FoundItem item) {
    return item.usable()
        ? new Meeting(item.id(), item.kind(), item.ordinal())
        : new Meeting(item.source(), "", item.ordinal());
  }

  /** With its candidate. */
  static Meeting ofCandidate(FoundPair pair) {
    return of(pair, pair.candidateId(), pair.queryId());
  }

  /** With its query. */
  static Meeting ofQuery(FoundPair pair) {
    return of(pair, pair.queryId(), pair.candidateId());
  }

  private static Meeting of(FoundPair pair, String group, String within) {
    return group == null || within == null
        ? new Meeting(pair.source(), "", pair.ordinal())
        : new Meeting(group, within, pair.ordinal());
  }

  /** In front of all rows of a group. */
  static Meeting before(String group) {
    return new Meeting(group, "", Long.MIN_VALUE);
  }

  @Override
  public int compareTo(Meeting other) {
    return ORDER.compare(this, other);
  }

  /** Sends each group to one of some tasks. */
  static final class ByGroup extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int tasks;

    ByGroup(int tasks) {
      this.tasks = tasks;
    }

    @Override
    public int numPartitions() {
      return tasks;
    }

    @Override
    public int getPartition(Object key) {
      return Math.floorMod(((Meeting) key).group().hashCode() * 0x9E3779B9 >>> 8, tasks);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByGroup that && that.tasks == tasks;
    }

    @Override
    public int hashCode() {
      return tasks;
    }
  }
}
