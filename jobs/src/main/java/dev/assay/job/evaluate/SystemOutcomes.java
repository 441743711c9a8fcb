package dev.assay.job.evaluate;

import static dev.assay.job.evaluate.task.Reranking.DIRECTION;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.JobContext;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.evaluate.figures.Outcomes;
import dev.assay.job.evaluate.rerank.ListwiseReranking;
import dev.assay.job.evaluate.rerank.PairwiseReranking;
import dev.assay.job.evaluate.task.ChoiceTask;
import dev.assay.job.evaluate.task.EvaluationData;
import dev.assay.job.evaluate.task.EvaluationTask;
import dev.assay.job.evaluate.task.Reranking;
import dev.assay.job.evaluate.task.RetrievalTask;
import dev.assay.job.evaluate.task.SetAsideItems;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.inference.EmbedItems;
import dev.assay.job.search.PlainSearch;
import dev.assay.job.store.Filled;
import dev.assay.job.store.ResultStore;
import dev.assay.job.store.Slices;
import dev.assay.job.store.StoreTable;
import dev.assay.job.store.Wanted;
import dev.assay.job.store.estimate.StoreEstimate;
import dev.assay.job.workspace.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Runs systems on the tasks. Systems of one embedder share its vectors and its results. Lists for a
 * reranker, and answers of a system, go through Spark once for all tasks together.
 */
final class SystemOutcomes implements AutoCloseable {
  private final EvaluateOptions options;
  private final EvaluationData data;
  private final Models models;
  private final SetAsideItems setAside;
  private final JobContext context;
  private final List<RetrievalTask> retrieval = new ArrayList<>();
  private final List<EvaluationTask> tasks = new ArrayList<>();

  /**
   * @throws SettingsException if no query has a positive
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
      EvaluateOptions.Retrieval how = options.retrieval();
      PlainSearch search = new PlainSearch(how.depth(), how.blockSize());
      retrieval.add(RetrievalTask.queryToCandidate(data, search));
      retrieval.add(RetrievalTask.candidateToQuery(data, search));
    }
    tasks.addAll(retrieval);
    if (!data.choices().isEmpty()) {
      tasks.add(ChoiceTask.of(data));
    }
    if (tasks.isEmpty()) {
      throw new SettingsException("Cannot evaluate: no query has a positive");
    }
  }

  /** How many positives cannot be found, since they are in another pool than their query. */
  long outsidePool() {
    return retrieval.isEmpty() ? 0 : retrieval.get(0).unreachable();
  }

  /** The outcomes of each system. */
  Map<EvaluatedSystem, List<Outcomes>> of(List<SystemModels> systems) {
    Wanted items = EmbedItems.wanted(data.queryItems(), data.candidateItems());
    Map<EvaluatedSystem, List<Outcomes>> outcomes = new TreeMap<>();
    for (String embedder : systems.stream().map(SystemModels::embedder).distinct().toList()) {
      List<SystemModels> own =
          systems.stream().filter(system -> system.embedder().equals(embedder)).toList();
      outcomes.putAll(outcomes(own, filled(embedder, items)));
    }
    return outcomes;
  }

  /**
   * What {@link #of} would cost.
   *
   * @param rate items and pairs a second; empty: measured with each model
   */
  CostEstimate estimate(List<SystemModels> systems, OptionalDouble rate) {
    CostEstimate all = CostEstimate.UNKNOWN.taking(0);
    for (String embedder : systems.stream().map(SystemModels::embedder).distinct().toList()) {
      Wanted items = EmbedItems.wanted(data.queryItems(), data.candidateItems());
      all =
          all.with("embedder", "%s", embedder)
              .and(
                  new StoreEstimate(StoreTable.EMBEDDINGS, data.imageRoot(), context)
                      .of(items, models.embedder(embedder, data.imageRoot()), rate));
    }
    for (SystemModels system : systems) {
      if (system.reranker() != null) {
        all = all.with("reranker", "%s", system.reranker()).and(reranking(system, rate));
      }
    }
    return all;
  }

  private CostEstimate reranking(SystemModels system, OptionalDouble rate) {
    int top = options.rerank().top();
    Map<EvaluationTask, Dataset<Row>> lists = new LinkedHashMap<>();
    tasks.forEach(task -> lists.put(task, task.exampleLists(top)));
    Dataset<Row> examples = together(lists, (task, rows) -> rows);
    try (Reranking reranking = reranking(system.reranker())) {
      long most = tasks.stream().mapToLong(task -> task.mostPairs(top)).sum();
      return reranking.estimate(most, examples, rate);
    }
  }

  @Override
  public void close() {
    tasks.forEach(EvaluationTask::close);
  }

  private Dataset<Row> filled(String embedder, Wanted items) {
    Filled filled =
        new ResultStore(StoreTable.EMBEDDINGS, context)
            .fill(items, options.embedding().slices(), models.embedder(embedder, data.imageRoot()));
    if (filled.computed() > 0) {
      setAside.addItems(filled.failures(), data);
    }
    return filled.values().select(Tables.CONTENT_HASH, Tables.EMBEDDING);
  }

  /** The outcomes of systems that share an embedder. */
  private Map<EvaluatedSystem, List<Outcomes>> outcomes(
      List<SystemModels> systems, Dataset<Row> embeddings) {
    Dataset<Row> vectors = embeddings.persist(StorageLevel.MEMORY_AND_DISK());
    Map<EvaluationTask, Dataset<Row>> results = new LinkedHashMap<>();
    try {
      tasks.forEach(task -> results.put(task, task.results(vectors, context)));
      Map<EvaluatedSystem, List<Outcomes>> outcomes = new TreeMap<>();
      for (SystemModels system : systems) {
        outcomes.put(
            system.system(),
            system.reranker() == null ? answers(results) : reranked(results, system.reranker()));
      }
      return outcomes;
    } finally {
      results.values().forEach(Dataset::unpersist);
      vectors.unpersist();
    }
  }

  private List<Outcomes> reranked(Map<EvaluationTask, Dataset<Row>> results, String reranker) {
    int top = options.rerank().top();
    Dataset<Row> lists =
        together(results, (task, found) -> task.lists(found, top))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try (Reranking reranking = reranking(reranker)) {
      Dataset<Row> scores = reranking.score(lists);
      Map<EvaluationTask, Dataset<Row>> reranked = new LinkedHashMap<>();
      results.forEach(
          (task, found) -> reranked.put(task, task.reranked(found, top, own(scores, task))));
      return answers(reranked);
    } finally {
      lists.unpersist();
    }
  }

  private static Dataset<Row> own(Dataset<Row> scores, EvaluationTask task) {
    Column direction = col(DIRECTION);
    return scores.where(direction.equalTo(task.direction().label())).drop(DIRECTION);
  }

  private static List<Outcomes> answers(Map<EvaluationTask, Dataset<Row>> results) {
    return Outcomes.of(together(results, EvaluationTask::answers).collectAsList());
  }

  /** The rows of all tasks, with their direction as first column. */
  private static Dataset<Row> together(
      Map<EvaluationTask, Dataset<Row>> results,
      BiFunction<EvaluationTask, Dataset<Row>, Dataset<Row>> rows) {
    return results.entrySet().stream()
        .map(
            entry -> {
              EvaluationTask task = entry.getKey();
              Column direction = lit(task.direction().label()).as(DIRECTION);
              return rows.apply(task, entry.getValue()).select(direction, col("*"));
            })
        .reduce(Dataset::union)
        .orElseThrow();
  }

  private Reranking reranking(String model) {
    Slices slice = options.rerank().slices();
    return switch (options.rerank().method()) {
      case PAIRWISE ->
          new PairwiseReranking(
              data, models.pairwise(model, data.imageRoot()), slice, setAside, context);
      case LISTWISE ->
          new ListwiseReranking(
              data, models.listwise(model, data.imageRoot()), slice, setAside, context);
    };
  }
}
