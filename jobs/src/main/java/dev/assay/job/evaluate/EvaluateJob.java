package dev.assay.job.evaluate;

import dev.assay.embed.ItemEmbedder;
import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobModel;
import dev.assay.job.JobResult;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.evaluate.figures.Bootstrap;
import dev.assay.job.evaluate.figures.DatasetGroups;
import dev.assay.job.evaluate.figures.Direction;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.evaluate.figures.EvaluationReport;
import dev.assay.job.evaluate.figures.Figure;
import dev.assay.job.evaluate.figures.Metric;
import dev.assay.job.evaluate.figures.Outcomes;
import dev.assay.job.evaluate.task.ChoiceTask;
import dev.assay.job.evaluate.task.EvaluationData;
import dev.assay.job.evaluate.task.RetrievalTask;
import dev.assay.job.evaluate.task.SetAsideItems;
import dev.assay.job.store.ResultStore;
import dev.assay.job.store.StoreTable;
import dev.assay.job.workspace.Manifests;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import dev.assay.judge.PairJudge;
import dev.assay.rerank.ListReranker;
import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Measures the base embedder, the trained one, and the trained one followed by the reranker, on
 * queries whose positives are known. Figures go to the table {@code evaluation} and to the console.
 *
 * <p>Queries with given choices ({@code mmeb-eval}, {@code sugarcrepe}) choose among them ({@link
 * ChoiceTask}); the others retrieve, in both directions ({@link RetrievalTask}). Figures are {@link
 * Metric}s averaged over the queries of a dataset, and over datasets as in the papers ({@link
 * DatasetGroups}). Each figure, and its difference from the first system's, has a {@link Bootstrap}
 * interval. Embeddings and scores are kept in the workspace's stores.
 */
public final class EvaluateJob implements Job {
  private final EvaluateOptions options;
  private final Models models;
  private final PrintStream out;

  /**
   * @param out where the report is printed
   */
  public EvaluateJob(EvaluateOptions options, PrintStream out) {
    this(options, Models.of(options), out);
  }

  /** With other models than those of checkpoints. */
  EvaluateJob(EvaluateOptions options, Models models, PrintStream out) {
    this.options = options;
    this.models = models;
    this.out = out;
  }

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public List<String> inputs() {
    return options.data().isEmpty() ? EvaluationData.TABLES : List.of();
  }

  @Override
  public List<String> outputs() {
    return List.of(Tables.EVALUATION);
  }

  @Override
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("systems", options.systems().toString());
    settings.put("pool", options.retrieval().pool().label());
    settings.put("depth", Integer.toString(options.retrieval().depth()));
    settings.put("rerank-method", options.rerank().method().name());
    settings.put("rerank-top", Integer.toString(options.rerank().top()));
    settings.put("resamples", Integer.toString(options.bootstrap().resamples()));
    settings.put("seed", Long.toString(options.bootstrap().seed()));
    settings.put("precision", options.embedding().compute().precision().word());
    settings.put("max-pixels", Long.toString(options.embedding().compute().maxImagePixels()));
    settings.put("order", options.rerank().order().word());
    settings.put("instruction", options.rerank().instructions().pair());
    settings.put("list-instruction", options.rerank().instructions().list());
    return settings;
  }

  @Override
  public SortedMap<String, String> sources(JobContext context) {
    SortedMap<String, String> sources = new TreeMap<>();
    sources.put("embedding", Integer.toString(ItemEmbedder.VERSION));
    sources.put("judging", Integer.toString(PairJudge.VERSION));
    sources.put("ranking", Integer.toString(ListReranker.VERSION));
    for (SystemModels system : SystemModels.find(options, context.workspace())) {
      String name = system.system().label();
      sources.put(name + " embedder", fingerprint(system.embedder(), context));
      if (system.reranker() != null) {
        sources.put(name + " reranker", fingerprint(system.reranker(), context));
      }
    }
    Workspace data = data(context);
    for (String table : EvaluationData.TABLES) {
      sources.put("data " + table, data.manifest(table).id());
    }
    if (EvaluationData.hasChoices(data)) {
      sources.put("data " + Tables.CHOICES, data.manifest(Tables.CHOICES).id());
    }
    return sources;
  }

  /** The workspace with the data. */
  private Workspace data(JobContext context) {
    return options.data().isEmpty()
        ? context.workspace()
        : Workspace.openToRead(context.spark(), options.data());
  }

  private static String fingerprint(String location, JobContext context) {
    return new JobModel(location).fingerprint(context);
  }

  @Override
  public void check(Configuration hadoop) {
    if (!options.checkpoints().embedder().isEmpty()) {
      new JobModel(options.checkpoints().embedder()).check(hadoop);
    }
    if (!options.checkpoints().reranker().isEmpty()) {
      new JobModel(options.checkpoints().reranker()).checkWithHead(hadoop);
    }
    if (!options.data().isEmpty()) {
      Manifests data = Manifests.in(options.data(), hadoop);
      EvaluationData.TABLES.forEach(data::get);
    }
  }

  /**
   * 2: control tokens in texts are plain characters; a changed image is set aside; the bootstrap's
   * seeds are derived by one function, so intervals come from other draws.
   */
  @Override
  public int version() {
    return 2;
  }

  @Override
  public CostEstimate estimate(JobContext context, OptionalDouble rate) {
    try (EvaluationData data = EvaluationData.read(data(context), options.retrieval().pool());
        SetAsideItems setAside = new SetAsideItems();
        SystemOutcomes tests = new SystemOutcomes(options, data, models, setAside, context)) {
      List<SystemModels> systems = SystemModels.find(options, context.workspace());
      List<EvaluatedSystem> there = systems.stream().map(SystemModels::system).toList();
      String none = EvaluateResult.words(missing(there));
      return CostEstimate.UNKNOWN
          .with(
              "systems",
              "%s%s",
              EvaluateResult.words(there),
              none.isEmpty() ? "" : "; no model yet for " + none)
          .taking(0)
          .and(tests.estimate(systems, rate));
    }
  }

  @Override
  public JobResult run(JobContext context) {
    List<SystemModels> systems = SystemModels.find(options, context.workspace());
    try (EvaluationData data = EvaluationData.read(data(context), options.retrieval().pool());
        SetAsideItems setAside = new SetAsideItems();
        SystemOutcomes tests = new SystemOutcomes(options, data, models, setAside, context)) {
      Map<EvaluatedSystem, List<Outcomes>> outcomes = tests.of(systems);
      setAside
          .rows()
          .ifPresent(
              rows -> context.quarantine(rows, data.queries().count() + data.candidates().count()));
      write(Figure.of(outcomes, options.bootstrap()), context);
      for (StoreTable store :
          List.of(StoreTable.EMBEDDINGS, StoreTable.SCORES, StoreTable.LIST_SCORES)) {
        new ResultStore(store, context).compact();
      }
      return result(outcomes, data, tests.outsidePool()).toJobResult();
    }
  }

  private List<EvaluatedSystem> missing(Collection<EvaluatedSystem> there) {
    return options.systems().stream().filter(system -> !there.contains(system)).toList();
  }

  private void write(List<Figure> figures, JobContext context) {
    List<Row> rows = figures.stream().map(Figure::row).toList();
    StructType columns = Tables.schema(Tables.EVALUATION).orElseThrow();
    context.write(Tables.EVALUATION, context.spark().createDataFrame(rows, columns));
    out.println(EvaluationReport.of(figures));
  }

  private EvaluateResult result(
      Map<EvaluatedSystem, List<Outcomes>> outcomes, EvaluationData data, long outsidePool) {
    List<Outcomes> of =
        outcomes.values().iterator().next().stream()
            .filter(o -> o.direction() != Direction.CANDIDATE_TO_QUERY)
            .toList();
    return new EvaluateResult(
        List.copyOf(outcomes.keySet()),
        missing(outcomes.keySet()),
        of.stream().mapToLong(Outcomes::queries).sum(),
        of.stream().map(Outcomes::dataset).distinct().count(),
        data.withoutPositive(),
        outsidePool);
  }
}
