package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.it.Assay.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} in the middle of the long jobs, at moments that are seen in the workspace's
 * files. What is started again ends with the very tables of a run that nobody disturbed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillIT {
  private static final List<String> INGESTED = List.of("queries", "candidates", "positives");
  private static final List<String> EMBEDDED = List.of("query_embeddings", "candidate_embeddings");
  private static final List<String> RETRIEVED = List.of("retrieved", "excluded");
  private static final List<String> JUDGED = List.of("scored");
  private static final List<String> MINED = List.of("decisions", "negatives");
  private static final List<String> TABLES = all(INGESTED, EMBEDDED, RETRIEVED, JUDGED, MINED);

  private Path folder;
  private Workspace undisturbed;
  private final Map<String, List<String>> rows = new HashMap<>();

  @BeforeAll
  void runsUndisturbed(@TempDir Path temporary) throws IOException {
    folder = temporary;
    SmallDataset data = SmallDataset.write(folder.resolve("data"));
    Path embedder = TinyCheckpoint.copy("qwen2-vl", folder.resolve("embedder")).folder();
    Path judge = TinyCheckpoint.copy("qwen2.5-vl", folder.resolve("judge")).folder();
    undisturbed =
        new Workspace(
            folder.resolve("undisturbed"),
            List.of(
                "assay.run.through=mine",
                "assay.ingest.input=" + data.folder(),
                "assay.models.embedder=" + embedder,
                "assay.models.judge=" + judge,
                "assay.retrieve.top-k=20",
                "assay.retrieve.max-similarity=none",
                "assay.embed.slice-size=8",
                "assay.judge.slice-size=40"));
    Run run = Expect.done(undisturbed.run("run"));
    System.out.printf("undisturbed: %.1f s%n%s", run.took().toMillis() / 1e3, run.out());
    for (String table : TABLES) {
      rows.put(table, StoredTable.of(undisturbed, table).rows());
      assertFalse(rows.get(table).isEmpty() && !table.equals("excluded"), table);
    }
  }

  @Test
  void embedLosesTheSliceInWork() throws IOException {
    Workspace workspace = undisturbed.copy(folder.resolve("killed-embed"), INGESTED);
    Run last = losesTheSliceInWork(workspace, "embed", "store/embeddings", "items");
    assertTrue(last.out().contains("ingest: up to date\n"), last::toString);
  }

  @Test
  void judgeLosesTheSliceInWork() throws IOException {
    Workspace workspace =
        undisturbed.copy(folder.resolve("killed-judge"), all(INGESTED, EMBEDDED, RETRIEVED));
    Run last = losesTheSliceInWork(workspace, "judge", "store/scores", "pairs");
    assertTrue(last.out().contains("embed: up to date\n"), last::toString);
  }

  @Test
  void mineLosesItselfAndNothingElse() throws IOException {
    Workspace workspace =
        undisturbed.copy(folder.resolve("killed-mine"), all(INGESTED, EMBEDDED, RETRIEVED, JUDGED));
    Path lock = workspace.folder().resolve("_writer.json");
    workspace.start("run").until("it is the writer", () -> Files.exists(lock)).kill();
    for (String table : List.of("negatives", "decisions")) {
      StoredTable written = StoredTable.of(workspace, table);
      Set<String> before = written.folders();
      workspace
          .start("run")
          .until(table + " are written", () -> written.isBeingWritten(before))
          .kill();
      assertTrue(Files.exists(lock), "who was killed left its lock");
      assertEquals(List.of(), written.commits());
    }
    Run last = Expect.done(workspace.run("run"));
    for (String job : List.of("ingest", "embed", "retrieve", "judge")) {
      assertTrue(last.out().contains(job + ": up to date\n"), last::toString);
    }
    equalsTheUndisturbed(workspace);
    assertFalse(Files.exists(lock));
  }

  @Test
  void aSecondWriterIsRefusedAndOtherMiningSettingsJudgeNothing() throws IOException {
    Workspace workspace =
        undisturbed.copy(folder.resolve("two"), all(INGESTED, EMBEDDED, RETRIEVED, JUDGED));
    Path lock = workspace.folder().resolve("_writer.json");
    Running first =
        workspace
            .start("run", "--set", "assay.mine.beta=0.5")
            .until("it is the writer", () -> Files.exists(lock));
    Run second = workspace.run("mine");
    Run run = Expect.done(first.end());

    Expect.refused(second, "(process " + first.process().pid() + " on ");
    assertTrue(run.out().contains("judge: up to date\nmine: "), run::toString);
  }

  /** Kills a job in its first, second and third slice, and lets it end. */
  private Run losesTheSliceInWork(Workspace workspace, String job, String store, String unit)
      throws IOException {
    StoredTable kept = StoredTable.of(workspace, store);
    int total = StoredTable.of(undisturbed, store).rows().size();
    int reused = 0;
    for (int slices = 0; slices < 3; slices++) {
      int done = slices;
      Set<String> before = kept.folders();
      Run killed =
          workspace
              .start("run")
              .until(
                  "slice " + slices + " of " + job,
                  () -> kept.commits().size() >= done && kept.isBeingWritten(before))
              .kill();
      saysWhatIsReused(killed, job, unit, reused, total);
      List<String> stored = kept.rows();
      // The last column is the error.
      assertEquals(List.of(), stored.stream().filter(row -> !row.endsWith(",null]")).toList());
      reused = stored.size();
      assertTrue(reused < total, () -> job + " was done before it was killed");
      assertEquals(slices > 0, reused > 0);
    }
    Run last = Expect.done(workspace.run("run"));
    saysWhatIsReused(last, job, unit, reused, total);
    String said = " %d reused, %d %s at ".formatted(reused, total - reused, done(job));
    assertTrue(last.out().contains(said), () -> said + "\n" + last);
    equalsTheUndisturbed(workspace);
    return last;
  }

  private static String done(String job) {
    return job.equals("embed") ? "embedded" : "judged";
  }

  private static void saysWhatIsReused(Run run, String job, String unit, int reused, int total) {
    String said =
        "%s  %d of %d %s are in the store, %d to %s"
            .formatted(job, reused, total, unit, total - reused, job);
    assertEquals(reused > 0, run.err().contains(said), () -> said + "\n" + run);
  }

  private void equalsTheUndisturbed(Workspace workspace) {
    for (String table : TABLES) {
      assertEquals(rows.get(table), StoredTable.of(workspace, table).rows(), table);
    }
  }

  @SafeVarargs
  private static List<String> all(List<String>... parts) {
    List<String> all = new ArrayList<>();
    for (List<String> part : parts) {
      all.addAll(part);
    }
    return List.copyOf(all);
  }
}
