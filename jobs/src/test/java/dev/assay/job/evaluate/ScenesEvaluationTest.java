package dev.assay.job.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.Job;
import dev.assay.job.JobRunner;
import dev.assay.job.QuarantineLimit;
import dev.assay.job.TestCompute;
import dev.assay.job.TestSpark;
import dev.assay.job.embed.EmbedJob;
import dev.assay.job.evaluate.figures.Bootstrap;
import dev.assay.job.evaluate.figures.EvaluatedSystem;
import dev.assay.job.inference.EmbedJobOptions;
import dev.assay.job.ingest.IngestJob;
import dev.assay.job.ingest.IngestOptions;
import dev.assay.job.ingest.InputFormat;
import dev.assay.job.ingest.images.ImageHashes;
import dev.assay.job.ingest.pack.PackImages;
import dev.assay.job.search.Pool;
import dev.assay.job.store.Slices;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import dev.assay.scenes.dataset.SceneDataset;
import dev.assay.scenes.dataset.SceneFiles;
import dev.assay.scenes.source.Split;
import dev.assay.udf.OrderChoice;
import dev.assay.udf.RerankMethod;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed embedder, and the committed judge as its reranker, on a few held-out scenes. */
class ScenesEvaluationTest {
  private static final String MODELS = "../src/models/";

  @TempDir Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void measuresRealModelsAndEmbedsNothingTwice() throws Exception {
    Workspace workspace = Workspace.open(TestSpark.session(), folder.resolve("w").toString());
    String input = folder.resolve("scenes").toString();
    new SceneFiles(input, new Configuration()).write(dataset(), 3);
    run(
        workspace,
        new IngestJob(
            new IngestOptions(
                InputFormat.JSONL,
                input,
                "",
                "",
                QuarantineLimit.NONE,
                16_384,
                new ImageHashes(20_000, false),
                PackImages.NO)));
    EmbedJobOptions embedding =
        new EmbedJobOptions(MODELS + "scenes-embedder", TestCompute.cpu(32, 2048), Slices.of(4096));
    long items = run(workspace, new EmbedJob(embedding)).result().counts().get("items");

    evaluate(workspace, options(embedding, RerankMethod.PAIRWISE, 0));

    String said = printed.toString(StandardCharsets.UTF_8);
    assertFalse(said.contains("to embed"), said);
    assertTrue(items > 100);
    assertTrue(value(workspace, "base", "R@10") > 0.5, said);
    double reciprocal = value(workspace, "base", "MRR");
    assertNotEquals(reciprocal, value(workspace, "reranked", "MRR"));
    assertEquals(
        value(workspace, "base", "R@10"),
        value(workspace, "reranked", "R@10"),
        "the ten first are the same ten");

    evaluate(workspace, options(embedding, RerankMethod.LISTWISE, 0));
    long ranked = ranked(workspace);
    double listwise = value(workspace, "reranked", "MRR");
    assertEquals(reciprocal, value(workspace, "base", "MRR"));
    assertEquals(value(workspace, "base", "R@10"), value(workspace, "reranked", "R@10"));

    evaluate(workspace, options(embedding, RerankMethod.LISTWISE, 1));
    assertEquals(ranked, ranked(workspace), "no list is ranked twice");
    assertEquals(listwise, value(workspace, "reranked", "MRR"));
  }

  private void evaluate(Workspace workspace, EvaluateOptions options) {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    assertFalse(run(workspace, new EvaluateJob(options, out)).skipped());
  }

  private static long ranked(Workspace workspace) {
    return workspace.read(Tables.LIST_SCORE_STORE).count();
  }

  private static SceneDataset dataset() {
    return SceneDataset.of(Split.HELD_OUT, 3, 12, 90);
  }

  private static EvaluateOptions options(
      EmbedJobOptions embedding, RerankMethod method, long seed) {
    return new EvaluateOptions(
        "",
        List.of(EvaluatedSystem.BASE, EvaluatedSystem.RERANKED),
        new EvaluateOptions.Checkpoints(embedding.model(), MODELS + "scenes-judge"),
        new EvaluateOptions.Embedding(embedding.compute(), embedding.slices()),
        new EvaluateOptions.Retrieval(Pool.DATASET, 100, 4096),
        new EvaluateOptions.Rerank(
            method,
            10,
            OrderChoice.AUTO,
            new EvaluateOptions.Instructions("Does the candidate meet the query?", ""),
            TestCompute.cpu(64, 2048),
            Slices.of(2048)),
        new Bootstrap(1000, seed));
  }

  private JobRunner.Outcome run(Workspace workspace, Job job) {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new JobRunner(TestSpark.session(), workspace, out, out).run(job);
  }

  private static double value(Workspace workspace, String system, String metric) {
    List<Row> rows =
        workspace
            .read(Tables.EVALUATION)
            .where(
                "dataset = 'mean of all' and direction = 'query_to_candidate' and system = '"
                    + system
                    + "' and metric = '"
                    + metric
                    + "'")
            .collectAsList();
    return rows.get(0).getAs("value");
  }
}
