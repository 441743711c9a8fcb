package dev.assay.job.search;

import ai.djl.Device;
import dev.assay.retrieval.CandidateBlock;
import dev.assay.retrieval.ExactTopK;
import dev.assay.retrieval.Exclusion.Reason;
import dev.assay.retrieval.Hit;
import dev.assay.retrieval.QueryBlock;
import dev.assay.udf.compute.EngineThreads;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/** Searches one slice of candidates for each block of one slice of queries. */
final class SearchSlices
    implements FlatMapFunction<
        Iterator<Tuple2<Tuple2<String, QueryBlock>, Tuple2<String, CandidateBlock>>>, Row> {
  private static final long serialVersionUID = 1L;
  private final int k;
  private final LongAccumulator pairs;

  SearchSlices(int k, LongAccumulator pairs) {
    this.k = k;
    this.pairs = pairs;
  }

  /**
   * @param blocks every pair of blocks; those of one block of queries follow each other
   */
  @Override
  public Iterator<Row> call(
      Iterator<Tuple2<Tuple2<String, QueryBlock>, Tuple2<String, CandidateBlock>>> blocks) {
    EngineThreads.limit();
    Stream.Builder<Stream<Row>> found = Stream.builder();
    QueryBlock current = null;
    ExactTopK search = null;
    try {
      while (blocks.hasNext()) {
        var pair = blocks.next();
        if (!pair._1()._1().equals(pair._2()._1())) {
          continue; // of different pools
        }
        if (current != pair._1()._2()) {
          close(search);
          current = pair._1()._2();
          search = new ExactTopK(current, k, Device.cpu());
          found.add(hits(current, search));
        }
        search.add(pair._2()._2());
        pairs.add((long) current.size() * pair._2()._2().size());
      }
    } finally {
      close(search);
    }
    return found.build().flatMap(hits -> hits).iterator();
  }

  private static void close(ExactTopK search) {
    if (search != null) {
      search.close();
    }
  }

  /** Rows of what was found. They are read when the search has ended, and made one by one. */
  private static Stream<Row> hits(QueryBlock queries, ExactTopK search) {
    return IntStream.range(0, queries.size())
        .boxed()
        .flatMap(
            query ->
                Stream.concat(search.retrieved(query).stream(), search.excluded(query).stream())
                    .map(hit -> row(queries, query, hit)));
  }

  private static Row row(QueryBlock queries, int query, Hit hit) {
    boolean aboveLimit = hit.reason() == Reason.ABOVE_SIMILARITY;
    return RowFactory.create(
        queries.id(query),
        hit.candidateId(),
        hit.similarity(),
        hit.reason() == null ? null : hit.reason().label(),
        aboveLimit ? queries.exclusion(query).limit() : null);
  }
}
