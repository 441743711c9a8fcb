package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Assay answers, and what it refuses, before a Spark session is started. */
class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir Path folder;
  private String workspace;

  @BeforeEach
  void workspace() {
    workspace = folder.resolve("workspace").toString();
  }

  @Test
  void listsTheJobsInItsHelp() {
    assertEquals(Main.DONE, run("--help"));
    assertTrue(out.toString(StandardCharsets.UTF_8).contains("retrieve"));
  }

  @Test
  void listsAJobsOwnSettingsInTheJobsHelp() {
    assertEquals(Main.DONE, run("mine", "--help"));
    String help = out.toString(StandardCharsets.UTF_8);
    assertTrue(help.contains("  assay.mine.beta = 0.01\n"), help);
    assertFalse(help.contains("assay.embed"), help);
    refused("the nearest known one is mine", "mien", "--help");
  }

  @Test
  void printsItsVersion() {
    assertEquals(Main.DONE, run("--version"));
    String version = out.toString(StandardCharsets.UTF_8);
    assertTrue(version.startsWith("assay "), version);
    assertEquals(1, version.lines().count(), version);
  }

  @Test
  void refusesAJobThatIsNotOne() {
    refused("Unknown job mien; the nearest known one is mine", "mien", "--workspace", workspace);
    refused("Unknown job report; the nearest known one is ", "report", "--workspace", workspace);
  }

  @Test
  void refusesMissingAndUnknownOptions() {
    refused("--workspace", "ingest");
    refused("--tabel", "export", "--workspace", workspace, "--tabel", "x");
    refused("Cannot use --table with ingest", "ingest", "--workspace", workspace, "--table", "x");
  }

  @Test
  void refusesADryRunThatMakesNoSense() {
    refused("Cannot use --dry-run with demo", "demo", "--workspace", workspace, "--dry-run");
    refused(
        "Cannot use --rate without --dry-run", "judge", "--workspace", workspace, "--rate", "5");
    String[] dry = {"--workspace", workspace, "--dry-run", "--rate"};
    refused("Cannot use --rate with mine: only embed", with(dry, "5", "mine"));
    refused("Cannot use --rate 0.0: it must be more than 0", with(dry, "0", "judge"));
    refused("Cannot use --rate NaN", with(dry, "NaN", "judge"));
    refused("run `assay ingest` first", "retrieve", "--workspace", workspace, "--dry-run");
  }

  @Test
  void refusesMissingInput() {
    refused("no input was given", "ingest", "--workspace", workspace);
    String nowhere = folder.resolve("nowhere").toString();
    refused(nowhere, "ingest", "--workspace", workspace, "--input", nowhere);
  }

  @Test
  void refusesAnExportOfWhatIsNotThere() {
    String output = folder.resolve("out.jsonl").toString();
    String[] export = {"export", "--workspace", workspace, "--output", output, "--table"};
    refused("run `assay judge` first", with(export, "scored"));
    refused("the tables are queries, candidates", with(export, "score"));
    refused("a format of table negatives", with(export, "scored", "--format", "unime-v2"));
    refused("--format must be one of", with(export, "scored", "--format", "csv"));
    refused("Cannot use --merge with scored", with(export, "scored", "--merge"));
    refused("run `assay train-reranker` first", with(export, "models/reranker", "--merge"));
    refused("the models are models/embedder", with(export, "models/judge"));
    refused("it is no table", with(export, "models/embedder", "--format", "jsonl"));
    refused("Cannot use --merge with embed", "embed", "--workspace", workspace, "--merge");
  }

  @Test
  void refusesAWorkspaceThatCannotBeWritten() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    for (String name : new String[] {"queries", "candidates", "positives"}) {
      Files.writeString(data.resolve(name + ".jsonl"), "");
    }
    Path file = Files.writeString(folder.resolve("file"), "");
    refused(
        "Cannot write to the workspace",
        "ingest",
        "--workspace",
        file.resolve("w").toString(),
        "--input",
        data.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "assay.models.embedder",
        "assay.models.judge",
        "assay.models.reranker",
        "assay.train-embedder.model",
        "assay.train-reranker.model"
      })
  void refusesAModelWithoutATokenizerBeforeTheFirstJob(String key) throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    for (String name : new String[] {"queries", "candidates", "positives"}) {
      Files.writeString(data.resolve(name + ".jsonl"), "");
    }
    Path whole = Path.of("../udfs/src/test/resources/fixtures/qwen2-vl");
    Path without = Files.createDirectories(folder.resolve("without-tokenizer"));
    for (String file : new String[] {"config.json", "model.safetensors", "tokenizer_config.json"}) {
      Files.copy(whole.resolve(file), without.resolve(file));
    }
    Files.copy(
        whole.resolve("preprocessor_config.json"), without.resolve("preprocessor_config.json"));

    refused(
        without.toString(),
        "run",
        "--workspace",
        workspace,
        "--input",
        data.toString(),
        "--set",
        "assay.models.embedder=" + whole,
        "--set",
        "assay.models.judge=" + whole,
        "--set",
        key + "=" + without);
  }

  private static String[] with(String[] first, String... then) {
    String[] all = java.util.Arrays.copyOf(first, first.length + then.length);
    System.arraycopy(then, 0, all, first.length, then.length);
    return all;
  }

  private void refused(String named, String... words) {
    assertEquals(Main.WRONG_USAGE, run(words));
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains(named), said);
    assertEquals(1, said.lines().count(), said);
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    assertFalse(Files.exists(Path.of(workspace)), "something was written");
  }

  private int run(String... words) {
    out.reset();
    err.reset();
    return Main.run(
        words,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
