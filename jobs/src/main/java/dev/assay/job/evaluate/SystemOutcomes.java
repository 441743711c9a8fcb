package dev.assay.job.evaluate;

import dev.assay.job.JobContext;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.evaluate.figures.Outcomes;
import dev.assay.job.evaluate.rerank.ListwiseReranking;
import dev.assay.job.evaluate.rerank.PairwiseReranking;
import dev.assay.job.evaluate.task.ChoiceTest;
import dev.assay.job.evaluate.task.EvaluationData;
import dev.assay.job.evaluate.task.Reranking;
import dev.assay.job.evaluate.task.RetrievalTest;
import dev.assay.job.evaluate.task.SetAsideItems;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.inference.EmbedItems;
import dev.assay.job.search.PlainSearch;
import dev.assay.job.store.Filled;
import dev.assay.job.store.ResultStore;
import dev.assay.job.store.StoreTable;
import dev.assay.job.workspace.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Puts systems to the tests. Systems of one embedder share its vectors and what it retrieved. */
final class SystemOutcomes implements AutoCloseable {
  private final EvaluateOptions options;
  private final EvaluationData data;
  private final Models models;
  private final SetAsideItems setAside;
  private final JobContext context;
  private final List<RetrievalTest> retrieval = new ArrayList<>();
  private final List<ChoiceTest> choices = new ArrayList<>();
  private final Map<EvaluatedSystem, List<Outcomes>> outcomes = new TreeMap<>();

  /**
   * @throws SettingsException if there is nothing to ask
   */
  SystemOutcomes(
      EvaluateOptions options,
      EvaluationData data,
      Models models,
      SetAsideItems setAside,
      JobContext context) {
    this.options = options;
    this.data = data;
    this.models = models;
    this.setAside = setAside;
    this.context = context;
    if (!data.retrievable().isEmpty()) {
      retrieval.add(RetrievalTest.queryToCandidate(data));
      retrieval.add(RetrievalTest.candidateToQuery(data));
    }
    if (!data.choices().isEmpty()) {
      choices.add(ChoiceTest.of(data));
    }
    if (retrieval.isEmpty() && choices.isEmpty()) {
      throw new SettingsException("Cannot evaluate: no query has a positive");
    }
  }

  /** How many positives nobody can find, since they lie in another pool than their query. */
  long outsidePool() {
    return retrieval.isEmpty() ? 0 : retrieval.get(0).unreachable();
  }

  /** The outcomes of each system. */
  Map<EvaluatedSystem, List<Outcomes>> of(List<SystemModels> systems) {
    Dataset<Row> contents = EmbedItems.contents(data.queries(), data.candidates());
    long items = contents.count();
    ResultStore store = new ResultStore(StoreTable.EMBEDDINGS, context);
    systems.stream()
        .map(SystemModels::embedder)
        .distinct()
        .forEach(
            embedder -> {
              Filled filled =
                  store.fill(
                      contents,
                      items,
                      options.embedding().sliceSize(),
                      models.embedder(embedder, data.imageRoot()));
              setAside.addItems(filled.failures(), data);
              Dataset<Row> vectors =
                  filled
                      .values()
                      .select(Tables.CONTENT_HASH, Tables.EMBEDDING)
                      .persist(StorageLevel.MEMORY_AND_DISK());
              try {
                List<SystemModels> own =
                    systems.stream().filter(s -> s.embedder().equals(embedder)).toList();
                retrieval.forEach(test -> retrieve(test, vectors, own));
                choices.forEach(test -> choose(test, vectors, own));
              } finally {
                vectors.unpersist();
              }
            });
    return outcomes;
  }

  @Override
  public void close() {
    retrieval.forEach(RetrievalTest::close);
    choices.forEach(ChoiceTest::close);
  }

  private void retrieve(RetrievalTest test, Dataset<Row> vectors, List<SystemModels> systems) {
    PlainSearch search = new PlainSearch(options.depth(), options.blockSize());
    Dataset<Row> nearest = test.nearest(vectors, search, context);
    try {
      for (SystemModels system : systems) {
        Dataset<Row> ranking =
            system.reranker() == null
                ? nearest.drop(Tables.SIMILARITY)
                : test.reranked(nearest, options.rerankTop(), reranking(system));
        add(system, test.outcomes(ranking));
      }
    } finally {
      nearest.unpersist();
    }
  }

  private void choose(ChoiceTest test, Dataset<Row> vectors, List<SystemModels> systems) {
    Dataset<Row> similar = test.bySimilarity(vectors).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      for (SystemModels system : systems) {
        Dataset<Row> scored =
            system.reranker() == null
                ? similar
                : test.reranked(similar, options.rerankTop(), reranking(system));
        add(system, test.outcomes(scored));
      }
    } finally {
      similar.unpersist();
    }
  }

  private void add(SystemModels system, List<Outcomes> more) {
    outcomes.computeIfAbsent(system.system(), s -> new ArrayList<>()).addAll(more);
  }

  private Reranking reranking(SystemModels system) {
    String model = system.reranker();
    long slice = options.reranking().sliceSize();
    return switch (options.rerankMethod()) {
      case PAIRWISE ->
          new PairwiseReranking(
              data, models.pairwise(model, data.imageRoot()), slice, setAside, context);
      case LISTWISE ->
          new ListwiseReranking(
              data, models.listwise(model, data.imageRoot()), slice, setAside, context);
    };
  }
}
