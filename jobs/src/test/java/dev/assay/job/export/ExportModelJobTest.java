package dev.assay.job.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.adapter.TargetModules;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.checkpoint.writing.AdapterWriter;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.job.JobRunner;
import dev.assay.job.TestSpark;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.workspace.Workspace;
import dev.assay.model.VisionLanguageModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportModelJobTest {
  private static final String QUERY = "model.layers.0.self_attn.q_proj";

  private final SparkSession spark = TestSpark.session();
  private final Configuration hadoop = new Configuration();
  @TempDir Path folder;
  private String base;

  @BeforeEach
  void model() throws IOException {
    base = whole(folder.resolve("base")).toString();
  }

  @Test
  void anAdapterIsExportedUnchanged() throws IOException {
    adapter();
    Files.writeString(folder.resolve("w/models/embedder/_manifest.json"), "{}");

    run(options(false));

    try (Stream<Path> files = Files.list(output())) {
      List<String> names = files.map(f -> f.getFileName().toString()).sorted().toList();
      assertEquals(
          List.of("adapter_config.json", "adapter_model.safetensors", "assay.json"), names);
    }
    VisionLanguageModel.check(open(output()));
  }

  @Test
  void anAdapterIsMergedWithItsBase() {
    adapter();

    run(options(true));

    CheckpointFolder merged = open(output());
    assertFalse(merged.adapter().isPresent());
    VisionLanguageModel.check(merged);
    CheckpointFolder adapted = open(folder.resolve("w/models/embedder"));
    for (String name : TensorIndex.of(adapted).names()) {
      assertArrayEquals(values(adapted, name), values(merged, name), name);
    }
    assertFalse(
        Arrays.equals(
            values(open(Path.of(base)), QUERY + ".weight"), values(merged, QUERY + ".weight")));
  }

  @Test
  void aFullModelIsExportedTheSameWithAndWithoutMerge() throws IOException {
    whole(folder.resolve("w/models/embedder"));
    for (boolean merge : new boolean[] {false, true}) {
      ExportModelOptions options =
          new ExportModelOptions(workspace(), "models/embedder", merge, output() + "-" + merge);
      run(options);
      assertArrayEquals(
          Files.readAllBytes(Path.of(base, "model.safetensors")),
          Files.readAllBytes(Path.of(options.output(), "model.safetensors")));
    }
  }

  @Test
  void refusesAModelThatIsNotThere() throws IOException {
    refused("no such model in " + workspace() + "; run `assay train-embedder` first");
    Files.createDirectories(folder.resolve("w/models/embedder"));
    refused("no such model");
  }

  @Test
  void refusesAnOutputThatIsThere() throws IOException {
    adapter();
    Files.createDirectories(output());

    refused("it is there already");
  }

  @Test
  void refusesToMergeWhatHasLostItsBase() throws IOException {
    adapter();
    Files.move(Path.of(base), folder.resolve("elsewhere"));

    CheckpointException refusal =
        assertThrows(
            CheckpointException.class, () -> new ExportModelJob(options(true)).check(hadoop));
    assertTrue(refusal.getMessage().contains("is not there"), refusal.getMessage());
    new ExportModelJob(options(false)).check(hadoop);
  }

  @Test
  void refusesANameThatIsNoModels() {
    SettingsException e =
        assertThrows(
            SettingsException.class, () -> new ExportModelOptions("w", "models/judge", true, "o"));
    assertTrue(e.getMessage().contains("models/embedder, models/reranker"), e.getMessage());
  }

  private static Path whole(Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(TinyWorld.FIXTURES.resolve("qwen2-vl"))) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  private void refused(String part) {
    SettingsException e =
        assertThrows(
            SettingsException.class, () -> new ExportModelJob(options(true)).check(hadoop));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  private void adapter() {
    LoraConfig lora = new LoraConfig(2, 4, 0, TargetModules.named(List.of("q_proj")), false);
    CheckpointFolder on = open(Path.of(base));
    TensorIndex weights = TensorIndex.of(on);
    List<NamedTensor> tensors = new ArrayList<>();
    for (String name : weights.names()) {
      if (name.endsWith("q_proj.weight")) {
        String module = name.substring(0, name.length() - ".weight".length());
        List<Long> shape = weights.shape(name);
        tensors.add(tensor(module + ".lora_A.weight", 2, shape.get(1)));
        tensors.add(tensor(module + ".lora_B.weight", shape.get(0), 2));
      }
    }
    AdapterWriter.write(workspace() + "/models/embedder", hadoop, lora, on, tensors);
  }

  private static NamedTensor tensor(String name, long rows, long columns) {
    float[] values = new float[(int) (rows * columns)];
    Arrays.fill(values, 0.01f);
    return NamedTensor.of(name, List.of(rows, columns), values);
  }

  private static float[] values(CheckpointFolder folder, String name) {
    return TensorIndex.of(folder).values(name);
  }

  private void run(ExportModelOptions options) {
    PrintStream quiet = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    new JobRunner(spark, Workspace.open(spark, workspace()), quiet, quiet)
        .run(new ExportModelJob(options));
  }

  private ExportModelOptions options(boolean merge) {
    return new ExportModelOptions(workspace(), "models/embedder", merge, output().toString());
  }

  private String workspace() {
    return folder.resolve("w").toString();
  }

  private Path output() {
    return folder.resolve("out/model");
  }

  private CheckpointFolder open(Path at) {
    return CheckpointFolder.open(at.toString(), hadoop);
  }
}
