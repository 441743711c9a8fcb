package dev.assay.scenes.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.embed.ItemEmbedder;
import dev.assay.item.Item;
import dev.assay.job.TestFolders;
import dev.assay.model.Precision;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe in a few steps: it learns nothing, and does all that it does. */
class ModelRecipeTest {
  private static final String LIKE = "../src/models/scenes-judge";
  private static final ModelRecipe.Steps FEW = new ModelRecipe.Steps(2, 3, 2, 1);

  @TempDir Path folder;
  private final List<String> taken = new ArrayList<>();

  @Test
  void goesOnAfterTheLastFinishedStageAndEndsWithTheSameBits() throws IOException {
    make("one");
    assertEquals(
        List.of(
            "captions 1",
            "captions 2",
            "captions and changes 1",
            "captions and changes 2",
            "captions and changes 3",
            "close captions, and changes 1",
            "close captions, and changes 2",
            "pairs 1"),
        taken);
    taken.clear();
    make("one");
    assertEquals(List.of(), taken, "all is there");

    for (String made : List.of("random", "captions")) {
      copy(folder.resolve("one/work").resolve(made), folder.resolve("two/work").resolve(made));
    }
    make("two");
    assertEquals("captions and changes 1", taken.get(0));
    for (String model : List.of("judge", "embedder")) {
      assertArrayEquals(weights("one", model), weights("two", model), model);
    }
  }

  @Test
  void whatItMakesLoadsAndHasTheUsualFiles() throws IOException {
    make("made");
    assertEquals(TestFolders.names(Path.of(LIKE)), TestFolders.names(folder.resolve("made/judge")));
    CheckpointFolder made =
        CheckpointFolder.open(folder.resolve("made/embedder").toString(), new Configuration());
    try (LoadedCheckpoint loaded = LoadedCheckpoint.load(made, Device.cpu(), Precision.FLOAT32);
        ItemEmbedder embedder = new ItemEmbedder(loaded, new Limits(1 << 20, 1024))) {
      float[] vector = embedder.encode(List.of(new Item("a large red circle", null)))[0];
      double squares = 0;
      for (float value : vector) {
        squares += value * value;
      }
      assertEquals(1, squares, 1e-5);
    }
  }

  private void make(String name) {
    String to = folder.resolve(name).toString();
    ModelRecipe recipe =
        new ModelRecipe(
            FEW,
            (stage, step, steps, loss, rate) -> {
              assertTrue(Double.isFinite(loss));
              taken.add(stage + " " + step);
            });
    recipe.judge(LIKE, to + "/judge", to + "/work");
    recipe.embedder(to + "/embedder", to + "/work");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (String file : TestFolders.names(from)) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
  }

  private byte[] weights(String name, String model) throws IOException {
    return Files.readAllBytes(folder.resolve(name).resolve(model).resolve("model.safetensors"));
  }
}
