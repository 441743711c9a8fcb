package dev.assay.job.embed;

import dev.assay.item.ContentHash;
import dev.assay.job.Job;
import dev.assay.job.JobRunner;
import dev.assay.job.QuarantineLimit;
import dev.assay.job.TestSpark;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A workspace as ingest and retrieve would leave it, over the tiny checkpoints' images. */
public final class TinyWorld {
  /** The udfs module's fixtures; tests run in their module's folder. */
  public static final Path FIXTURES =
      Path.of("../udfs/src/test/resources/fixtures").toAbsolutePath().normalize();

  public final Workspace workspace;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final List<Row> queries = new ArrayList<>();
  private final List<Row> candidates = new ArrayList<>();
  private final List<Row> positives = new ArrayList<>();
  private final List<Row> retrieved = new ArrayList<>();
  private final List<Row> negatives = new ArrayList<>();

  public TinyWorld(Path folder) {
    workspace = Workspace.open(TestSpark.session(), folder.toString());
  }

  /** A world of two queries with positives, one query without, and three candidates. */
  public static TinyWorld ofThreeQueries(Path folder) {
    return new TinyWorld(folder)
        .query("q1", "a red circle", null)
        .query("q2", null, "exact.png")
        .query("q3", "no positive", null)
        .candidate("c1", null, "small.png")
        .candidate("c2", null, "exact-wide.png")
        .candidate("c3", "words", null)
        .positive("q1", "c2")
        .positive("q2", "c3");
  }

  public TinyWorld query(String id, String text, String image) {
    queries.add(item(id, text, image));
    return this;
  }

  public TinyWorld candidate(String id, String text, String image) {
    candidates.add(item(id, text, image));
    return this;
  }

  public TinyWorld positive(String query, String candidate) {
    positives.add(RowFactory.create(query, candidate));
    return this;
  }

  public TinyWorld retrieved(String query, String candidate, int rank, float similarity) {
    retrieved.add(RowFactory.create(query, candidate, rank, similarity));
    return this;
  }

  /** Negatives of a query as mine would leave them, each {@code CANDIDATE=SCORE}. */
  public TinyWorld mined(String query, String positive, float score, String... candidates) {
    List<Row> list = new ArrayList<>();
    for (String candidate : candidates) {
      String[] words = candidate.split("=");
      list.add(RowFactory.create(words[0], Float.parseFloat(words[1]), 0f, 0.5f, list.size()));
    }
    negatives.add(RowFactory.create(query, positive, score, list, "complete"));
    return this;
  }

  /** Writes the tables, with {@code images} as the image root. */
  public TinyWorld write(Path images) {
    commit(Tables.QUERIES, hashed(queries, images), images);
    commit(Tables.CANDIDATES, hashed(candidates, images), images);
    commit(Tables.POSITIVES, positives, images);
    commit(Tables.RETRIEVED, retrieved, images);
    commit(Tables.NEGATIVES, negatives, images);
    return this;
  }

  public JobRunner.Outcome run(Job job) {
    return run(job, QuarantineLimit.NONE);
  }

  public JobRunner.Outcome run(Job job, QuarantineLimit limit) {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new JobRunner(TestSpark.session(), workspace, out, out, limit).run(job);
  }

  /** What the runner printed. */
  public String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** A table's rows. */
  public List<Row> rows(String table) {
    return workspace.read(table).collectAsList();
  }

  private static Row item(String id, String text, String image) {
    return RowFactory.create(id, "tiny", text, image);
  }

  /** With the hash of each item's content; an image that is not there has no bytes. */
  private static List<Row> hashed(List<Row> items, Path images) {
    return items.stream()
        .map(
            row -> {
              String image = row.getString(3);
              byte[] bytes = image == null ? null : bytes(images.resolve(image));
              String hash = ContentHash.of(row.getString(2), bytes);
              return RowFactory.create(
                  row.getString(0), row.getString(1), row.getString(2), image, hash);
            })
        .toList();
  }

  private static byte[] bytes(Path image) {
    try {
      return Files.exists(image)
          ? Files.readAllBytes(image)
          : image.getFileName().toString().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void commit(String table, List<Row> rows, Path images) {
    Manifest.Draft draft =
        new Manifest.Draft(
            "test",
            1,
            new TreeMap<>(Map.of(Workspace.IMAGE_ROOT, images.toUri().toString())),
            new TreeMap<>(),
            new TreeMap<>());
    String commit =
        workspace.stage(
            table, TestSpark.session().createDataFrame(rows, Tables.schema(table).orElseThrow()));
    workspace.commit(table, List.of(commit), draft);
  }
}
