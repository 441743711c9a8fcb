package dev.assay.scenes.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.scenes.source.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneFilesTest {
  @TempDir Path folder;

  @Test
  void aSeedGivesTheSameFilesHoweverManyCoresDraw() throws IOException {
    Map<String, Integer> first = written("first");
    assertTrue(first.keySet().stream().anyMatch(name -> name.endsWith(".png")), first.toString());
    assertEquals(first, written("second"));
  }

  /** The names of the files, each with a digest. */
  private Map<String, Integer> written(String name) throws IOException {
    Path to = folder.resolve(name);
    SceneDataset dataset = SceneDataset.of(Split.PIPELINE, 1, 4, 28);
    new SceneFiles(to.toString(), new Configuration()).write(dataset, 1);
    Map<String, Integer> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(to)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(to.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return files;
  }
}
