package dev.assay.job.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.Progress;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.check.ReadImages;
import dev.assay.job.ingest.check.Resolve;
import dev.assay.job.ingest.check.TextLimit;
import dev.assay.job.ingest.input.ChoiceInput;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.Input;
import dev.assay.job.ingest.jsonl.JsonlInput;
import dev.assay.job.ingest.mmeb.MmebRows;
import dev.assay.job.ingest.sugarcrepe.SugarcrepeFiles;
import dev.assay.job.ingest.unime.UnimeInput;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Files become the tables {@code queries}, {@code candidates} and {@code positives}. A row that
 * cannot be used is set aside with a reason and its place in the input; too many of them stop the
 * job. A text that is too long is cut, its content hash being that of the whole. From the authors'
 * list, mined negatives and their scores become {@code negatives}; from benchmarks that offer
 * candidates with each query, these become {@code choices}.
 */
public final class IngestJob implements Job {
  private final IngestOptions options;
  private final TextLimit limit;

  public IngestJob(IngestOptions options) {
    this.options = options;
    this.limit = new TextLimit(options.maxTextBytes());
  }

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public List<String> inputs() {
    return List.of();
  }

  @Override
  public List<String> outputs() {
    List<String> outputs =
        new ArrayList<>(List.of(Tables.QUERIES, Tables.CANDIDATES, Tables.POSITIVES));
    if (options.format() == InputFormat.UNIME_V2) {
      outputs.add(Tables.NEGATIVES);
    }
    if (options.format().offersChoices()) {
      outputs.add(Tables.CHOICES);
    }
    return outputs;
  }

  @Override
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("format", options.format().name());
    settings.put("split", options.split());
    settings.put("max-text-bytes", Integer.toString(options.maxTextBytes()));
    return settings;
  }

  @Override
  public SortedMap<String, String> sources(JobContext context) {
    InputFiles files =
        InputFiles.find(options, context.spark().sparkContext().hadoopConfiguration());
    SortedMap<String, String> sources = files.state();
    sources.put(Workspace.IMAGE_ROOT, files.imageRoot().toString());
    return sources;
  }

  @Override
  public void check(Configuration hadoop) {
    InputFiles.find(options, hadoop);
  }

  /** 2: an image that was replaced is noticed by its length and time. */
  @Override
  public int version() {
    return 2;
  }

  @Override
  public JobResult run(JobContext context) {
    SparkSession spark = context.spark();
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    InputFiles files = InputFiles.find(options, configuration);
    Broadcast<SerializableConfiguration> hadoop =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(configuration));
    try (Input input = open(spark, files, hadoop)) {
      return ingest(context, input, new ReadImages(files.imageRoot().toString(), hadoop));
    } finally {
      hadoop.destroy();
    }
  }

  private Input open(
      SparkSession spark, InputFiles found, Broadcast<SerializableConfiguration> hadoop) {
    return switch (options.format()) {
      case JSONL -> new JsonlInput(spark, found.files(), hadoop);
      case UNIME_V2 -> new UnimeInput(spark, found.files().get(0), hadoop);
      case MMEB_TRAIN ->
          new ChoiceInput(MmebRows.TRAIN.read(spark, found.files(), found.input()), false);
      case MMEB_EVAL ->
          new ChoiceInput(MmebRows.EVAL.read(spark, found.files(), found.input()), true);
      case SUGARCREPE -> new ChoiceInput(SugarcrepeFiles.read(spark, found.files(), hadoop), true);
    };
  }

  private JobResult ingest(JobContext context, Input input, ReadImages read) {
    Dataset<Row> found = input.items().persist(StorageLevel.MEMORY_AND_DISK());
    Dataset<Row> items = null;
    Dataset<Row> pairs = null;
    try {
      long rows = found.count();
      try (Progress.Work work = context.progress().start("items", rows)) {
        items =
            Resolve.uniqueItems(
                    found.mapPartitions(read.counting(work.counter()), Encoders.row(Found.ITEM)))
                .persist(StorageLevel.MEMORY_AND_DISK());
        items.count();
      }
      pairs = Resolve.knownPairs(input.positives(), items).persist(StorageLevel.MEMORY_AND_DISK());
      rows += pairs.count();
      Dataset<Row> quarantine = quarantine(items, pairs);
      if (!quarantine.isEmpty()) {
        context.quarantine(quarantine, rows, options.maxQuarantined());
      }
      return write(context, input, items, pairs);
    } finally {
      for (Dataset<Row> kept : new Dataset[] {found, items, pairs}) {
        if (kept != null) {
          kept.unpersist();
        }
      }
    }
  }

  private JobResult write(JobContext context, Input input, Dataset<Row> items, Dataset<Row> pairs) {
    SortedMap<String, Long> counts = new TreeMap<>();
    Dataset<Row> cut = limit.apply(items);
    Dataset<Row> queries =
        write(context, Tables.QUERIES, items(cut, Found.QUERY, Tables.QUERY_ID), counts);
    write(context, Tables.CANDIDATES, items(cut, Found.CANDIDATE, Tables.CANDIDATE_ID), counts);
    Dataset<Row> positives =
        write(context, Tables.POSITIVES, pairs.where(col(Tables.REASON).isNull()), counts);
    if (counts.get(Tables.QUERIES) == 0 || counts.get(Tables.CANDIDATES) == 0) {
      throw new SettingsException(
          "Cannot ingest " + options.input() + ": it has no queries or no candidates");
    }
    input
        .negatives()
        .map(negatives -> Resolve.knownNegatives(negatives, pairs, items))
        .ifPresent(negatives -> write(context, Tables.NEGATIVES, negatives, counts));
    input
        .choices()
        .map(choices -> Resolve.knownChoices(choices, pairs, items))
        .ifPresent(choices -> write(context, Tables.CHOICES, choices, counts));
    long unanswered =
        queries
            .join(
                positives,
                queries.col(Tables.QUERY_ID).equalTo(positives.col(Tables.QUERY_ID)),
                "left_anti")
            .count();
    counts.put("queries_without_positive", unanswered);
    TextLimit.Cut texts = limit.cutOf(items);
    counts.put("texts_cut", texts.texts());
    return new JobResult(counts, summary(counts) + limit.summary(texts));
  }

  private static Dataset<Row> write(
      JobContext context, String table, Dataset<Row> rows, SortedMap<String, Long> counts) {
    Dataset<Row> written = context.write(table, rows);
    counts.put(table, written.count());
    return written;
  }

  private static Dataset<Row> items(Dataset<Row> items, String kind, String id) {
    return items
        .where(col(Found.KIND).equalTo(kind).and(col(Tables.REASON).isNull()))
        .withColumnRenamed(Tables.ID, id);
  }

  private static Dataset<Row> quarantine(Dataset<Row> items, Dataset<Row> pairs) {
    Column pair = concat_ws(" -> ", col(Tables.QUERY_ID), col(Tables.CANDIDATE_ID));
    return items
        .where(col(Tables.REASON).isNotNull())
        .select(Tables.ID, Tables.REASON, Tables.DETAIL, Tables.SOURCE)
        .union(
            pairs
                .where(col(Tables.REASON).isNotNull())
                .select(pair, col(Tables.REASON), col(Tables.DETAIL), col(Tables.SOURCE)));
  }

  private static String summary(SortedMap<String, Long> counts) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%,d queries, %,d candidates, %,d positives",
            counts.get(Tables.QUERIES),
            counts.get(Tables.CANDIDATES),
            counts.get(Tables.POSITIVES)));
    if (counts.containsKey(Tables.NEGATIVES)) {
      line.append(
          String.format(Locale.ROOT, ", %,d lists of negatives", counts.get(Tables.NEGATIVES)));
    }
    if (counts.containsKey(Tables.CHOICES)) {
      line.append(String.format(Locale.ROOT, ", %,d choices", counts.get(Tables.CHOICES)));
    }
    if (counts.get("queries_without_positive") > 0) {
      line.append(
          String.format(
              Locale.ROOT,
              "; %,d queries have no positive",
              counts.get("queries_without_positive")));
    }
    return line.toString();
  }
}
