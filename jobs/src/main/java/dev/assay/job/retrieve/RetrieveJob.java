package dev.assay.job.retrieve;

import static org.apache.spark.sql.functions.col;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.PersistedRows;
import dev.assay.job.Progress;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.search.CellTraining;
import dev.assay.job.search.PoolSizes;
import dev.assay.job.search.Probing;
import dev.assay.job.search.SearchPlan;
import dev.assay.job.search.Searchable;
import dev.assay.job.search.SlicedSearch;
import dev.assay.job.workspace.Tables;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Retrieves the k nearest candidates of every query by cosine: exactly, or among those of some
 * cells ({@link IvfOptions}).
 *
 * <p>What a query may not retrieve, with the reason that {@code excluded} gives:
 *
 * <ol>
 *   <li>{@code positive}: its own positives;
 *   <li>{@code same_content}: candidates with the text and image bytes of one of its positives, or
 *       of the query itself, which is as near to itself as can be and teaches nothing;
 *   <li>{@code above_similarity}: candidates at least as similar as {@link SimilarityLimit δ}.
 * </ol>
 *
 * These do not count among the k. Candidates of one content take one place: the one with the
 * smallest id stands for all of its pool. {@code excluded} lists those that are among the k nearest
 * of all; a positive's content goes by the positive's id. Order and {@code rank}: most similar
 * first, ties by candidate id in the order of its UTF-8 bytes. The tables do not depend on
 * partitions, slices or blocks: {@link dev.assay.retrieval.ExactTopK}.
 *
 * <p>If the queries do not fit into one task, they are searched slice by slice. A killed job goes
 * on with the slice that it was in.
 */
public final class RetrieveJob implements Job {
  private final RetrieveOptions options;
  private final int mostQueries;
  private final IntConsumer sliceCommitted;

  public RetrieveJob(RetrieveOptions options) {
    this(options, Integer.MAX_VALUE, slice -> {});
  }

  /**
   * @param mostQueries that a task holds, where its memory allows more
   * @param sliceCommitted is told of each slice that was searched and committed
   */
  RetrieveJob(RetrieveOptions options, int mostQueries, IntConsumer sliceCommitted) {
    this.options = options;
    this.mostQueries = mostQueries;
    this.sliceCommitted = sliceCommitted;
  }

  @Override
  public String name() {
    return "retrieve";
  }

  @Override
  public List<String> inputs() {
    return List.of(
        Tables.QUERIES,
        Tables.CANDIDATES,
        Tables.POSITIVES,
        Tables.QUERY_EMBEDDINGS,
        Tables.CANDIDATE_EMBEDDINGS);
  }

  @Override
  public List<String> outputs() {
    return List.of(Tables.RETRIEVED, Tables.EXCLUDED);
  }

  @Override
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("top-k", Integer.toString(options.topK()));
    settings.put("pool", options.pool().label());
    settings.put("max-similarity", options.maxSimilarity().label());
    options.ivf().ifPresent(ivf -> settings.put("ivf", ivf.label()));
    return settings;
  }

  /** 2: candidates of one content take one place among the k. */
  @Override
  public int version() {
    return 2;
  }

  @Override
  public CostEstimate estimate(JobContext context, OptionalDouble rate) {
    SearchInput input = SearchInput.read(context, options);
    PoolSizes sizes = PoolSizes.of(input.searchable());
    CostEstimate estimate =
        CostEstimate.UNKNOWN
            .with(
                "products",
                "%,d of %,d queries with %,d candidates%s",
                sizes.pairs(),
                sizes.queries(),
                sizes.candidates(),
                options.ivf().isPresent() ? "; cells that are not probed save most of them" : "")
            .with(
                "rows",
                "at most %,d of table %s",
                sizes.queries() * options.topK(),
                Tables.RETRIEVED);
    if (sizes.pairs() == 0) {
      return estimate.taking(0);
    }
    return rate.isPresent()
        ? estimate.at(rate.getAsDouble(), sizes.pairs(), "products", "as given")
        : estimate.at(
            new SearchRate(context, options, input).measured(sizes),
            sizes.pairs(),
            "products",
            "measured here on some of them");
  }

  @Override
  public JobResult run(JobContext context) {
    SearchInput input = SearchInput.read(context, options);
    PoolSizes sizes = PoolSizes.of(input.searchable());
    options.ivf().ifPresent(ivf -> ivf.check(sizes.candidates()));
    context.quarantine(input.unsearchable());
    SearchPlan plan =
        SearchPlan.of(options.blockSize(), input.dimensions(), options.topK(), options.device())
            .withAtMost(mostQueries);
    try (Progress.Work work = context.progress().start("pairs", sizes.pairs());
        PersistedRows kept = PersistedRows.inMemory();
        SlicedSearch search =
            new SlicedSearch(
                context.spark(),
                input.searchable(),
                sizes,
                options.topK(),
                options.pool(),
                plan,
                work.counter(),
                probing(input.searchable(), sizes))) {
      Dataset<Row> found =
          search.slices() == 1
              ? kept.keep(SlicedSearch.best(search.hits(), options.topK()))
              : new StoredSlices(context, sliceCommitted).search(search, options.topK());
      Optional<Recall> recall =
          options
              .ivf()
              .map(
                  ivf ->
                      Recall.of(context.spark(), input.searchable(), sizes, options, plan, found));
      return write(context, input, found, sizes, recall).toJobResult(options.topK());
    }
  }

  private Optional<Probing> probing(Searchable searchable, PoolSizes sizes) {
    return options
        .ivf()
        .filter(ivf -> sizes.candidates() > 0)
        .map(
            ivf ->
                new Probing(CellTraining.of(searchable.candidates(), ivf.cells()), ivf.probes()));
  }

  private static RetrieveResult write(
      JobContext context,
      SearchInput input,
      Dataset<Row> found,
      PoolSizes sizes,
      Optional<Recall> recall) {
    Dataset<Row> retrieved =
        context.write(Tables.RETRIEVED, found.where(col(Tables.REASON).isNull()));
    Dataset<Row> excluded =
        context.write(
            Tables.EXCLUDED, input.named().name(found.where(col(Tables.REASON).isNotNull())));
    return new RetrieveResult(
        sizes.queries(), sizes.candidates(), retrieved.count(), excluded.count(), recall);
  }
}
