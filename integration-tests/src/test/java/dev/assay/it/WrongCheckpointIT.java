package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that is not understood is refused before any work, naming what is wrong with it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrongCheckpointIT {
  private static final String TENSOR = "model.layers.1.mlp.down_proj.weight";

  private Path folder;
  private String workspace;

  /** Breaks a whole checkpoint. */
  private interface Fault {
    void apply(TinyCheckpoint checkpoint) throws IOException;
  }

  @BeforeAll
  void anIngestedWorkspace(@TempDir Path temporary) throws IOException {
    folder = temporary;
    SmallDataset data = SmallDataset.write(folder.resolve("data"));
    workspace = folder.resolve("workspace").toString();
    Expect.done(
        Assay.built().run("ingest", "--workspace", workspace, "--input", data.folder().toString()));
  }

  @Test
  void otherArchitecture() throws IOException {
    refuses("llama", c -> c.editConfig(config -> config.addProperty("model_type", "llama")));
  }

  @Test
  void missingTensor() throws IOException {
    refuses(TENSOR, c -> c.removeTensor(TENSOR));
  }

  @Test
  void wrongShape() throws IOException {
    refuses(TENSOR, c -> c.reshape(TENSOR, 32, 192));
  }

  @Test
  void truncatedSafetensors() throws IOException {
    refuses("model.safetensors", TinyCheckpoint::truncateWeights);
  }

  @Test
  void pickleOnly() throws IOException {
    refuses("safetensors", TinyCheckpoint::keepOnlyPickle);
  }

  @Test
  void refusesAFolderThatDoesNotExist() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    refusesEmbedder(nowhere, nowhere.toString());
  }

  @Test
  void runLooksAtEveryCheckpointBeforeItBegins() throws IOException {
    TinyCheckpoint good = TinyCheckpoint.copy("qwen2-vl", folder.resolve("good"));
    TinyCheckpoint judge = TinyCheckpoint.copy("qwen2-vl", folder.resolve("bad-judge"));
    judge.removeTensor(TENSOR);
    Path fresh = folder.resolve("fresh");
    Expect.refused(
        Assay.built()
            .run(
                "run",
                "--workspace",
                fresh.toString(),
                "--set",
                "assay.ingest.input=" + folder.resolve("data"),
                "--set",
                "assay.models.embedder=" + good.folder(),
                "--set",
                "assay.models.judge=" + judge.folder()),
        TENSOR);
    assertEquals(0, Snapshot.of(fresh).size(), "files in the workspace");
  }

  private void refuses(String named, Fault fault) throws IOException {
    TinyCheckpoint checkpoint =
        TinyCheckpoint.copy("qwen2-vl", folder.resolve("bad-" + System.nanoTime()));
    fault.apply(checkpoint);
    refusesEmbedder(checkpoint.folder(), named);
  }

  private void refusesEmbedder(Path checkpoint, String named) throws IOException {
    var before = Snapshot.of(Path.of(workspace));
    Expect.refused(
        Assay.built()
            .run("embed", "--workspace", workspace, "--set", "assay.models.embedder=" + checkpoint),
        named);
    assertEquals(before, Snapshot.of(Path.of(workspace)));
  }
}
