package dev.assay.job.ingest;

import dev.assay.job.Job;
import dev.assay.job.JobContext;
import dev.assay.job.JobResult;
import dev.assay.job.Progress;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.check.FoundRows;
import dev.assay.job.ingest.check.ItemCounts;
import dev.assay.job.ingest.check.PairCounts;
import dev.assay.job.ingest.check.Resolve;
import dev.assay.job.ingest.check.TextLimit;
import dev.assay.job.ingest.images.HashedItem;
import dev.assay.job.ingest.images.ImageState;
import dev.assay.job.ingest.images.ImagesToRead;
import dev.assay.job.ingest.images.ReadImages;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.FoundItem;
import dev.assay.job.ingest.input.FoundPair;
import dev.assay.job.ingest.input.Input;
import dev.assay.job.ingest.jsonl.JsonlInput;
import dev.assay.job.ingest.mmeb.MmebInput;
import dev.assay.job.ingest.mmeb.MmebRows;
import dev.assay.job.ingest.pack.PackImages;
import dev.assay.job.ingest.sugarcrepe.SugarcrepeFiles;
import dev.assay.job.ingest.unime.UnimeInput;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Turns input files into the tables {@code queries}, {@code candidates} and {@code positives}. A
 * row that cannot be used goes to quarantine with a reason and its place in the input; too many of
 * them stop the job. A text that is too long is cut. The mined negatives of the authors' list
 * become {@code negatives}; the candidates that a benchmark offers with each query become {@code
 * choices}.
 */
public final class IngestJob implements Job {
  /** Among the sources: the state of all images that the input names. */
  private static final String IMAGES = "images";

  /** Compact in memory, and on disk where memory does not suffice. */
  private static final StorageLevel KEPT = StorageLevel.MEMORY_AND_DISK_SER();

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
    if (options.packs().wanted()) {
      settings.put(Workspace.PACK_IMAGES, "true"); // how large packs are changes no result
    }
    return settings;
  }

  /** The input files and all images that they name, by length and modification time. */
  @Override
  public SortedMap<String, String> sources(JobContext context) {
    SparkSession spark = context.spark();
    InputFiles files = InputFiles.find(options, spark.sparkContext().hadoopConfiguration());
    SortedMap<String, String> sources = files.state();
    String imageRoot = files.imageRoot().toString();
    sources.put(Workspace.IMAGE_ROOT, imageRoot);
    withInput(
        spark,
        files,
        (input, hadoop) ->
            sources.put(IMAGES, ImageState.of(input.images(), imageRoot, hadoop).toString()));
    return sources;
  }

  /** Only by reading an image is it seen that another one took its name, length and time. */
  @Override
  public boolean runsAgain() {
    return options.hashes().rehash();
  }

  @Override
  public void check(Configuration hadoop) {
    InputFiles.find(options, hadoop).check(options.format(), hadoop);
  }

  /** 2: a replaced image is noticed by its length and time. */
  @Override
  public int version() {
    return 2;
  }

  @Override
  public CostEstimate estimate(JobContext context, OptionalDouble rate) {
    SparkSession spark = context.spark();
    InputFiles files = InputFiles.find(options, spark.sparkContext().hadoopConfiguration());
    return withInput(
        spark,
        files,
        (input, hadoop) -> {
          ImagesToRead images =
              ImagesToRead.of(input.images(), files.imageRoot().toString(), hadoop, context);
          boolean again = options.hashes().rehash();
          return CostEstimate.UNKNOWN
              .with(
                  "input",
                  "%,d files of %s",
                  files.files().size(),
                  CostEstimate.bytes(files.bytes()))
              .with("rows", "%,d queries and candidates", input.items().count())
              .with(
                  "images",
                  "%,d files of %s; %,d of %s are known and %s",
                  images.files(),
                  CostEstimate.bytes(images.bytes()),
                  images.known(),
                  CostEstimate.bytes(images.knownBytes()),
                  again ? "read again" : "not read again");
        });
  }

  @Override
  public JobResult run(JobContext context) {
    SparkSession spark = context.spark();
    InputFiles files = InputFiles.find(options, spark.sparkContext().hadoopConfiguration());
    String imageRoot = files.imageRoot().toString();
    int partitions = Partitions.ofTables(spark, files.bytes());
    return withInput(
        spark,
        files,
        (input, hadoop) ->
            ingest(context, input, new ReadImages(imageRoot, limit, hadoop), partitions));
  }

  /** Work on an open input. */
  private interface Work<T> {
    T on(Input input, Broadcast<SerializableConfiguration> hadoop);
  }

  private <T> T withInput(SparkSession spark, InputFiles files, Work<T> work) {
    Broadcast<SerializableConfiguration> hadoop =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    try (Input input = open(spark, files, hadoop)) {
      return work.on(input, hadoop);
    } finally {
      hadoop.destroy();
    }
  }

  private Input open(
      SparkSession spark, InputFiles found, Broadcast<SerializableConfiguration> hadoop) {
    List<FileStatus> files = found.files();
    int partitions = Partitions.ofImages(spark, found.bytes());
    return switch (options.format()) {
      case JSONL -> new JsonlInput(spark, files, hadoop);
      case UNIME_V2 -> new UnimeInput(spark, files.get(0), partitions, hadoop);
      case MMEB_TRAIN -> MmebInput.open(spark, MmebRows.TRAIN, files, found.input(), partitions);
      case MMEB_EVAL -> MmebInput.open(spark, MmebRows.EVAL, files, found.input(), partitions);
      case SUGARCREPE -> SugarcrepeFiles.open(spark, files, partitions, hadoop);
    };
  }

  private JobResult ingest(JobContext context, Input input, ReadImages read, int partitions) {
    JavaRDD<FoundItem> found = input.items();
    JavaRDD<HashedItem> hashed = null;
    JavaRDD<FoundItem> items = null;
    JavaRDD<FoundPair> pairs = null;
    try {
      ItemCounts counts;
      long total = found.count();
      try (Progress.Work work = context.progress().start("items", total)) {
        hashed = options.hashes().of(found, total, read, work.counter(), context);
        items = Resolve.uniqueItems(hashed.map(HashedItem::item), partitions).persist(KEPT);
        counts = ItemCounts.of(items, limit);
      }
      hashed.unpersist();
      pairs = Resolve.knownPairs(input.positives(), items, partitions).persist(KEPT);
      PairCounts pairCounts = PairCounts.of(pairs);
      FoundRows rows = new FoundRows(context.spark(), items, pairs);
      if (counts.unusable() + pairCounts.unusable() > 0) {
        long all = counts.rows() + pairCounts.rows();
        context.quarantine(rows.unusable(), all, options.maxQuarantined());
      }
      if (counts.queries() == 0 || counts.candidates() == 0) {
        throw new SettingsException(
            "Cannot ingest " + options.input() + ": it has no queries or no candidates");
      }
      return write(context, input, rows, read, IngestCounts.of(counts, pairCounts));
    } finally {
      Stream.of(hashed, items, pairs).filter(Objects::nonNull).forEach(JavaRDD::unpersist);
    }
  }

  private JobResult write(
      JobContext context, Input input, FoundRows rows, ReadImages read, IngestCounts counts) {
    PackImages packs = options.packs();
    Dataset<Row> queryItems = rows.items(Found.QUERY, limit);
    Dataset<Row> candidateItems = rows.items(Found.CANDIDATE, limit);
    if (packs.wanted()) {
      List<Dataset<Row>> items = List.of(queryItems, candidateItems);
      boolean again = options.hashes().rehash();
      counts.packed(packs.pack(items, again, read.imageRoot(), read.hadoop(), context));
    }
    Dataset<Row> queries = context.write(Tables.QUERIES, packs.placed(queryItems, context));
    Dataset<Row> candidates =
        context.write(Tables.CANDIDATES, packs.placed(candidateItems, context));
    Dataset<Row> positives = context.write(Tables.POSITIVES, rows.positives());
    input
        .negatives()
        .map(negatives -> Resolve.knownNegatives(negatives, rows.pairs(), candidates))
        .map(negatives -> context.write(Tables.NEGATIVES, negatives))
        .ifPresent(written -> counts.put(Tables.NEGATIVES, written.count()));
    input
        .choices()
        .map(choices -> Resolve.knownChoices(choices, positives, candidates))
        .map(choices -> context.write(Tables.CHOICES, choices))
        .ifPresent(written -> counts.put(Tables.CHOICES, written.count()));
    PackImages.removeUnused(List.of(queries, candidates), context);
    return new JobResult(counts.asMap(), counts.summary(limit));
  }
}
