package dev.assay.job.search;

import ai.djl.Device;
import dev.assay.retrieval.CandidateBlock;
import dev.assay.retrieval.ExactTopK;
import dev.assay.retrieval.Exclusion.Reason;
import dev.assay.retrieval.Hit;
import dev.assay.retrieval.QueryBlock;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.compute.PrecisionChoice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * Searches one slice of candidates for one slice of queries: each block of candidates is read once
 * and meets all queries of its pool.
 */
final class SearchSlices
    implements FlatMapFunction<
        Iterator<Tuple2<List<Tuple2<String, QueryBlock>>, Tuple2<String, CandidateBlock>>>, Row> {
  private static final long serialVersionUID = 1L;
  private final int k;
  private final DeviceChoice device;
  private final LongAccumulator pairs;
  private final Broadcast<Probing> probing;

  /**
   * @param probing null for an exact search; otherwise blocks of candidates have the names of
   *     {@link CellBlocks}
   */
  SearchSlices(int k, DeviceChoice device, LongAccumulator pairs, Broadcast<Probing> probing) {
    this.k = k;
    this.device = device;
    this.pairs = pairs;
    this.probing = probing;
  }

  /**
   * @param blocks the slice of queries, by pools, with each block of candidates
   */
  @Override
  public Iterator<Row> call(
      Iterator<Tuple2<List<Tuple2<String, QueryBlock>>, Tuple2<String, CandidateBlock>>> blocks) {
    Device here = Placement.here(device, PrecisionChoice.FLOAT32).device();
    Map<String, Search> searches = new HashMap<>();
    try {
      while (blocks.hasNext()) {
        var pair = blocks.next();
        String name = pair._2()._1();
        String pool = probing == null ? name : CellBlocks.pool(name);
        for (Tuple2<String, QueryBlock> queries : pair._1()) {
          if (queries._1().equals(pool)) {
            Search search = searches.computeIfAbsent(pool, p -> search(queries._2(), here));
            pairs.add(search.add(name, pair._2()._2()));
          }
        }
      }
    } finally {
      searches.values().forEach(Search::close);
    }
    return searches.values().stream().flatMap(Search::rows).iterator();
  }

  private Search search(QueryBlock queries, Device here) {
    ExactTopK nearest = new ExactTopK(queries, k, here);
    if (probing == null) {
      return new Search(queries, nearest, null);
    }
    Probing how = probing.value();
    int[][] cells = how.cells().nearest(queries.vectors(), how.probes(), here);
    Map<Integer, List<Integer>> askers = new HashMap<>();
    for (int query = 0; query < cells.length; query++) {
      for (int cell : cells[query]) {
        askers.computeIfAbsent(cell, c -> new ArrayList<>()).add(query);
      }
    }
    return new Search(queries, nearest, askers);
  }

  /**
   * The search of a pool.
   *
   * @param askers the places of the queries that search a cell; null for an exact search
   */
  private record Search(QueryBlock queries, ExactTopK nearest, Map<Integer, List<Integer>> askers)
      implements AutoCloseable {

    /** Returns how many pairs were compared. */
    long add(String name, CandidateBlock candidates) {
      if (askers == null) {
        nearest.add(candidates);
        return (long) queries.size() * candidates.size();
      }
      List<Integer> some = askers.getOrDefault(CellBlocks.cell(name), List.of());
      nearest.add(candidates, CellBlocks.ints(some));
      return (long) some.size() * candidates.size();
    }

    /** Rows of what was found. They are read when the search has ended, and made one by one. */
    Stream<Row> rows() {
      return IntStream.range(0, queries.size())
          .boxed()
          .flatMap(
              query ->
                  Stream.concat(nearest.retrieved(query).stream(), nearest.excluded(query).stream())
                      .map(hit -> row(query, hit)));
    }

    private Row row(int query, Hit hit) {
      boolean aboveLimit = hit.reason() == Reason.ABOVE_SIMILARITY;
      return RowFactory.create(
          queries.id(query),
          hit.candidateId(),
          hit.similarity(),
          hit.reason() == null ? null : hit.reason().label(),
          aboveLimit ? queries.exclusion(query).limit() : null);
    }

    @Override
    public void close() {
      nearest.close();
    }
  }
}
