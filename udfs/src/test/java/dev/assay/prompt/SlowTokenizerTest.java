package dev.assay.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.prompt.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint whose tokenizer is vocab.json and merges.txt, as before tokenizer.json. */
class SlowTokenizerTest {
  @TempDir Path temp;

  @BeforeEach
  void removeTokenizerFilesOfTheFixture() throws IOException {
    JsonNode file = Fixtures.json("qwen2-vl/tokenizer.json");
    Files.writeString(temp.resolve("vocab.json"), file.path("model").path("vocab").toString());
    StringBuilder merges = new StringBuilder("#version: 0.2\n");
    file.path("model").path("merges").forEach(pair -> merges.append(pair.asText()).append('\n'));
    Files.writeString(temp.resolve("merges.txt"), merges);
    Files.copy(
        Fixtures.path("qwen2-vl/tokenizer_config.json"), temp.resolve("tokenizer_config.json"));
  }

  @Test
  void givesTheIdsOfTheTokenizerJson() {
    try (Tokenizer slow = open();
        Tokenizer fast = Tokenizer.of(Fixtures.checkpoint("qwen2-vl"))) {
      for (JsonNode text : Fixtures.reference("tokenizer").path("texts")) {
        String words = text.path("text").asText();
        long[] ids = slow.encode(words);
        assertArrayEquals(fast.encode(words), ids, words);
        assertEquals(text.path("ids").size(), ids.length, words);
        assertArrayEquals(fast.encode(fast.plain(words)), slow.encode(slow.plain(words)), words);
        assertEquals(fast.decode(ids), slow.decode(ids));
      }
      assertEquals(fast.id("<|im_end|>"), slow.id("<|im_end|>"));
      assertEquals(fast.id("Yes"), slow.id("Yes"));
    }
  }

  @Test
  void takesAddedTokensFromTheirOwnFile() throws IOException {
    Files.writeString(
        temp.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"Qwen2Tokenizer\"}");
    Files.writeString(temp.resolve("added_tokens.json"), "{\"<|im_end|>\": 762}");
    try (Tokenizer tokenizer = open()) {
      assertArrayEquals(new long[] {762}, tokenizer.encode("<|im_end|>"));
    }
  }

  @Test
  void refusesAnUnknownEncodingAndSaysHowToConvert() throws IOException {
    Path config = temp.resolve("tokenizer_config.json");
    Files.writeString(config, Files.readString(config).replace("Qwen2Tok", "LlamaTok"));
    assertRefused("tokenizer_class is LlamaTokenizer");
    Files.writeString(config, "{\"tokenizer_class\": \"Qwen2Tokenizer\"}");
    assertRefused("no added tokens");
    Files.delete(temp.resolve("merges.txt"));
    assertRefused("no tokenizer.json, and no vocab.json with merges.txt");
  }

  private void assertRefused(String part) {
    String message = assertThrows(CheckpointException.class, this::open).getMessage();
    assertTrue(message.contains(part), message);
    assertTrue(message.contains("save_pretrained"), message);
    assertEquals(1, message.lines().count());
  }

  private Tokenizer open() {
    return Tokenizer.of(CheckpointFolder.open(temp.toString(), new Configuration()));
  }
}
