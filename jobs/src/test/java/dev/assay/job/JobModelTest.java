package dev.assay.job;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model is refused before any job runs, whatever its folder lacks. */
class JobModelTest {
  private static final Path CHECKPOINT =
      Path.of("../udfs/src/test/resources/fixtures/qwen2-vl").toAbsolutePath().normalize();

  /** A chat template may stand in any of them. */
  private static final List<String> TEMPLATES =
      List.of("chat_template.jinja", "chat_template.json", "tokenizer_config.json");

  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.list(CHECKPOINT)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void aWholeFolderIsAccepted() {
    assertDoesNotThrow(this::check);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"config.json", "model.safetensors", "tokenizer.json", "preprocessor_config.json"})
  void aFolderThatLacksAFileIsRefusedByName(String file) throws IOException {
    Files.delete(folder.resolve(file));
    assertRefused();
  }

  @Test
  void aFolderWithoutAChatTemplateIsRefused() throws IOException {
    for (String file : TEMPLATES) {
      Files.deleteIfExists(folder.resolve(file));
    }
    assertRefused();
  }

  @Test
  void aFolderWithoutAnOutputHeadEmbedsAndIsRefusedForJudging() throws IOException {
    assertDoesNotThrow(() -> model().checkWithHead(new Configuration()));
    Path config = folder.resolve("config.json");
    String tied = Files.readString(config);
    String untied =
        tied.replaceFirst("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false");
    assertNotEquals(tied, untied);
    Files.writeString(config, untied);

    assertDoesNotThrow(this::check);
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> model().checkWithHead(new Configuration()));
    assertTrue(e.getMessage().contains("tensor lm_head.weight is missing"), e.getMessage());
  }

  @Test
  void aChatTemplateThatCannotBeRenderedIsRefusedForJudging() throws IOException {
    for (String file : TEMPLATES) {
      Files.deleteIfExists(folder.resolve(file));
    }
    Files.writeString(folder.resolve("chat_template.jinja"), "{{ raise_exception('no') }}");

    assertDoesNotThrow(this::check);
    assertThrows(CheckpointException.class, () -> model().checkWithHead(new Configuration()));
  }

  private void assertRefused() {
    CheckpointException e = assertThrows(CheckpointException.class, this::check);
    assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
  }

  private void check() {
    model().check(new Configuration());
  }

  private JobModel model() {
    return new JobModel(folder.toString());
  }
}
