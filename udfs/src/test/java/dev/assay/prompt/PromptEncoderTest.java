package dev.assay.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.item.EncodedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptEncoderTest {
  @TempDir Path temp;

  @Test
  void aTextThatLooksLikeAnImageStaysText() {
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint("qwen2-vl"))) {
      List<Part> parts = List.of(new Part.Text("look: <|image_pad|>"));
      for (TokenSequence tokens :
          List.of(encoder.chat(parts, i -> null), encoder.plain(parts, i -> null))) {
        assertEquals(List.of(), tokens.images());
        assertTrue(encoder.tokenizer().decode(tokens.ids()).contains("look: <|image_pad|>"));
      }
    }
  }

  @Test
  void refusesATemplateThatLeavesImagesOut() throws IOException {
    copyCheckpoint();
    edit("tokenizer_config.json", "<|vision_start|><|image_pad|><|vision_end|>", "");
    PromptEncoder.check(folder());
    PromptEncoder.checkChat(folder()); // texts alone can be judged
    try (PromptEncoder encoder = open()) {
      List<Part> parts = List.of(new Part.Image(EncodedImage.of(new byte[1])));
      String message =
          assertThrows(CheckpointException.class, () -> encoder.chat(parts, i -> new Grid(2, 2)))
              .getMessage();
      assertTrue(message.endsWith("it writes 0 image tokens for 1 images"), message);
    }
  }

  @Test
  void servesManyThreadsAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint("qwen2-vl"))) {
      Callable<Void> check =
          () -> {
            for (int i = 0; i < 100; i++) {
              List<Part> parts = List.of(new Part.Text("number " + i));
              long[] ids = encoder.chat(parts, image -> null).ids();
              assertTrue(encoder.tokenizer().decode(ids).contains("number " + i + "<|im_end|>"));
            }
            return null;
          };
      for (Future<Void> done :
          threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> check).toList())) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void textBeyondTheTokenizersOwnLimitIsNotCut() {
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint("qwen2-vl"))) {
      String text = "a large red circle ".repeat(5000);
      long[] ids = encoder.tokenizer().encode(text);
      assertTrue(ids.length > 10_000);
      assertEquals(text, encoder.tokenizer().decode(ids));
    }
  }

  @Test
  void anUnpairedSurrogateDoesNotStopAJob() {
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint("qwen2-vl"))) {
      assertTrue(encoder.tokenizer().encode("a \ud83d b \udc00").length > 0);
      assertTrue(encoder.tokenizer().encode("nul \0 byte").length > 0);
      assertEquals("🙂", encoder.tokenizer().decode(encoder.tokenizer().encode("🙂")));
      assertArrayEquals(new long[0], encoder.tokenizer().encode(""));
    }
  }

  @Test
  void refusesACheckpointWhosePartsDoNotFit() throws IOException {
    copyCheckpoint();
    open().close();
    edit("config.json", "\"spatial_merge_size\": 2", "\"spatial_merge_size\": 4");
    assertRefused("merge_size is 2");
    edit("config.json", "\"spatial_merge_size\": 4", "\"spatial_merge_size\": 2");
    edit("preprocessor_config.json", "\"resample\": 3", "\"resample\": 2");
    assertRefused("resample is 2");
    Files.delete(temp.resolve("preprocessor_config.json"));
    assertRefused("preprocessor_config.json");
    Files.writeString(temp.resolve("processor_config.json"), "{\"image_processor\": {}}");
    open().close();
    Files.writeString(temp.resolve("tokenizer.json"), "{}");
    assertRefused("tokenizer.json");
    Files.delete(temp.resolve("tokenizer.json"));
    assertRefused("no tokenizer.json");
  }

  /** Before the first job of a run, which may take hours. */
  @Test
  void aCheckFindsEveryMissingFile() throws IOException {
    copyCheckpoint();
    PromptEncoder.checkChat(folder());
    for (String name : FILES) {
      byte[] bytes = Files.readAllBytes(temp.resolve(name));
      Files.delete(temp.resolve(name));
      String message =
          assertThrows(CheckpointException.class, () -> PromptEncoder.check(folder())).getMessage();
      String missing = name.equals("tokenizer_config.json") ? "chat template" : name;
      assertTrue(message.contains(missing), message);
      Files.write(temp.resolve(name), bytes);
    }
    edit("tokenizer_config.json", "message['role'] != 'system'", "raise_exception('no')");
    PromptEncoder.check(folder());
    assertThrows(CheckpointException.class, () -> PromptEncoder.checkChat(folder()));
  }

  private static final List<String> FILES =
      List.of("config.json", "tokenizer.json", "tokenizer_config.json", "preprocessor_config.json");

  /** All of a checkpoint but its weights. */
  private void copyCheckpoint() throws IOException {
    for (String name : FILES) {
      Files.copy(Fixtures.path("qwen2-vl/" + name), temp.resolve(name));
    }
  }

  private CheckpointFolder folder() {
    return CheckpointFolder.open(temp.toString(), new Configuration());
  }

  private PromptEncoder open() {
    return PromptEncoder.of(folder());
  }

  private void assertRefused(String part) {
    String message = assertThrows(CheckpointException.class, this::open).getMessage();
    assertTrue(message.contains(part), message);
    assertEquals(1, message.lines().count(), message);
  }

  private void edit(String name, String from, String to) throws IOException {
    String text = Files.readString(temp.resolve(name));
    assertTrue(text.contains(from), name);
    Files.writeString(temp.resolve(name), text.replace(from, to));
  }
}
