package dev.assay.cli.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.cli.settings.Reference.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceTest {
  @Test
  void keepsTheOrderOfTheFileAndWhatIsWritten() {
    List<Setting> settings = Reference.settings();
    assertEquals("assay.models.embedder", settings.get(0).key());
    assertTrue(
        settings.get(0).meaning().startsWith("The embedder, which turns items into vectors."));
    Setting rate = find("assay.train-embedder.learning-rate");
    assertEquals("1e-4", rate.value());
    assertEquals("64.0", find("assay.train-embedder.lora.alpha").value());
    assertEquals("${assay.models.judge}", find("assay.train-reranker.model").value());
  }

  @Test
  void aSettingWithoutACommentMeansTheSameAsInTheOtherTraining() {
    assertEquals(
        find("assay.train-embedder.epochs").meaning(),
        find("assay.train-reranker.epochs").meaning());
  }

  /** Where it fails, copy the comment of reference.conf into the table of the page. */
  @Test
  void thePageOfSettingsSaysTheSameAsReferenceConf() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../src/site/configuration.md"));
    for (Setting setting : Reference.settings()) {
      String meaning = " | " + setting.meaning().replace("|", "\\|") + " |";
      String start = "| `" + setting.key() + "`";
      assertTrue(
          lines.stream().anyMatch(line -> line.startsWith(start) && line.endsWith(meaning)),
          () -> "configuration.md has no line: " + start + " | … " + meaning);
    }
  }

  private static Setting find(String key) {
    return Reference.settings().stream().filter(s -> s.key().equals(key)).findFirst().orElseThrow();
  }
}
