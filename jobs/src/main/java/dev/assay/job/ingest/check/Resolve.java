package dev.assay.job.ingest.check;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;

import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.FoundItem;
import dev.assay.job.ingest.input.FoundPair;
import dev.assay.job.ingest.input.RowsOneByOne;
import dev.assay.job.workspace.Tables;
import java.util.Iterator;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Resolves what rows mean for each other: ids that occur twice, ids that no item has. The outcome
 * depends on the order of the input only, never on its partitions.
 *
 * <p>Rows meet by sorting, and a task streams what it gets: an id may occur any number of times.
 */
public final class Resolve {
  private static final String UNKNOWN_CANDIDATE = "unknown_candidate";

  private Resolve() {}

  /**
   * Keeps the first usable row of each item and gives the others a reason.
   *
   * @param partitions of the result
   */
  public static JavaRDD<FoundItem> uniqueItems(JavaRDD<FoundItem> items, int partitions) {
    return items
        .mapToPair(item -> new Tuple2<>(Meeting.of(item), item))
        .repartitionAndSortWithinPartitions(new Meeting.ByGroup(partitions))
        .mapPartitions(FirstItems::new);
  }

  /**
   * Keeps each pair of a usable query and a usable candidate once, and gives the other pairs a
   * reason. All pairs of a query are in one partition, one after the other.
   *
   * @param items all of them
   * @param partitions of the result
   */
  public static JavaRDD<FoundPair> knownPairs(
      JavaRDD<FoundPair> pairs, JavaRDD<FoundItem> items, int partitions) {
    JavaRDD<FoundPair> checked =
        pairs
            .mapToPair(pair -> new Tuple2<>(Meeting.ofCandidate(pair), pair))
            .union(known(items, Found.CANDIDATE))
            .repartitionAndSortWithinPartitions(new Meeting.ByGroup(partitions))
            .mapPartitions(KnownCandidates::new);
    return checked
        .mapToPair(pair -> new Tuple2<>(Meeting.ofQuery(pair), pair))
        .union(known(items, Found.QUERY))
        .repartitionAndSortWithinPartitions(new Meeting.ByGroup(partitions))
        .mapPartitions(KnownQueries::new);
  }

  /** Usable items of a kind, each in front of the pairs that name it. */
  private static JavaPairRDD<Meeting, FoundPair> known(JavaRDD<FoundItem> items, String kind) {
    return items
        .filter(item -> item.usable() && item.kind().equals(kind))
        .mapToPair(item -> new Tuple2<>(Meeting.before(item.id()), null));
  }

  /** Items as they were, but for those after the first usable one of a group. */
  private static final class FirstItems extends RowsOneByOne<FoundItem> {
    private final Iterator<Tuple2<Meeting, FoundItem>> rows;
    private FoundItem first;

    FirstItems(Iterator<Tuple2<Meeting, FoundItem>> rows) {
      this.rows = rows;
    }

    @Override
    protected FoundItem advance() {
      if (!rows.hasNext()) {
        return null;
      }
      FoundItem item = rows.next()._2();
      if (!item.usable()) {
        return item;
      }
      if (first != null && first.id().equals(item.id()) && first.kind().equals(item.kind())) {
        return item.refused("duplicate_id", "already stands at " + first.source());
      }
      first = item;
      return item;
    }
  }

  /** Pairs, each behind the usable item that it names, if there is one. */
  private abstract static class PairsBehindItems extends RowsOneByOne<FoundPair> {
    private final Iterator<Tuple2<Meeting, FoundPair>> rows;
    private String known;

    PairsBehindItems(Iterator<Tuple2<Meeting, FoundPair>> rows) {
      this.rows = rows;
    }

    @Override
    protected final FoundPair advance() {
      while (rows.hasNext()) {
        Tuple2<Meeting, FoundPair> row = rows.next();
        if (row._2() != null) {
          return checked(row._2(), known);
        }
        known = row._1().group();
      }
      return null;
    }

    /**
     * The pair as it was, or with a reason.
     *
     * @param known id of the last item before it; null if there was none
     */
    abstract FoundPair checked(FoundPair pair, String known);
  }

  /** Gives a reason to each pair whose candidate did not come before it. */
  private static final class KnownCandidates extends PairsBehindItems {
    KnownCandidates(Iterator<Tuple2<Meeting, FoundPair>> rows) {
      super(rows);
    }

    @Override
    FoundPair checked(FoundPair pair, String known) {
      return !pair.usable() || pair.candidateId().equals(known)
          ? pair
          : unknown(pair, UNKNOWN_CANDIDATE, Tables.CANDIDATE_ID, pair.candidateId());
    }
  }

  /** The same for queries, whose reason comes first; then all but the first of equal pairs. */
  private static final class KnownQueries extends PairsBehindItems {
    private FoundPair first;

    KnownQueries(Iterator<Tuple2<Meeting, FoundPair>> rows) {
      super(rows);
    }

    @Override
    FoundPair checked(FoundPair pair, String known) {
      if (!pair.usable() && !pair.reason().equals(UNKNOWN_CANDIDATE)) {
        return pair;
      }
      if (!pair.queryId().equals(known)) {
        return unknown(pair, "unknown_query", Tables.QUERY_ID, pair.queryId());
      }
      if (!pair.usable()) {
        return pair;
      }
      if (first != null
          && first.queryId().equals(pair.queryId())
          && first.candidateId().equals(pair.candidateId())) {
        return pair.refused("duplicate_pair", "already stands at " + first.source());
      }
      first = pair;
      return pair;
    }
  }

  private static FoundPair unknown(FoundPair pair, String reason, String column, String id) {
    return pair.refused(reason, "no usable row has " + column + " " + id);
  }

  /**
   * Keeps negatives whose query, positive and candidate are usable.
   *
   * @param pairs as {@link #knownPairs} gives them
   * @param candidates the usable ones
   */
  public static Dataset<Row> knownNegatives(
      Dataset<Row> negatives, JavaRDD<FoundPair> pairs, Dataset<Row> candidates) {
    // A pair has the ordinal of its first entry: entries that repeat the pair are dropped.
    Dataset<Row> kept =
        negatives
            .sparkSession()
            .createDataset(
                pairs.filter(FoundPair::usable).map(FoundPair::ordinal).rdd(), Encoders.LONG())
            .toDF(Found.ORDINAL);
    Dataset<Row> rows = negatives.join(kept, Found.ORDINAL, "left_semi");
    Column negative = col("negative.candidate_id");
    Dataset<Row> lists =
        rows.select(
                col(Found.ORDINAL),
                posexplode(col(Tables.NEGATIVES)).as(new String[] {"at", "negative"}))
            .withColumn(Tables.CANDIDATE_ID, negative)
            .join(candidates, Tables.CANDIDATE_ID, "left_semi")
            .groupBy(Found.ORDINAL)
            .agg(array_sort(collect_list(struct("at", "negative"))).as("placed"));
    return rows.drop(Tables.NEGATIVES)
        .join(lists, Found.ORDINAL)
        .withColumn(
            Tables.NEGATIVES, transform(col("placed"), placed -> placed.getField("negative")));
  }

  /**
   * Keeps usable choices of queries whose right choice is usable.
   *
   * @param positives the usable ones
   * @param candidates the usable ones
   */
  public static Dataset<Row> knownChoices(
      Dataset<Row> choices, Dataset<Row> positives, Dataset<Row> candidates) {
    return choices
        .join(positives.select(Tables.QUERY_ID).distinct(), Tables.QUERY_ID)
        .join(candidates.select(Tables.CANDIDATE_ID), Tables.CANDIDATE_ID);
  }
}
