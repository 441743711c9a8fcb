package dev.assay.prompt.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A checkpoint's {@code tokenizer.json}, run by Hugging Face's own library through DJL: the same
 * code that transformers runs, so the same ids. Nothing is cut off and nothing padded. May be used
 * by many threads.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String FILE = "tokenizer.json";

  private final HuggingFaceTokenizer tokenizer;
  private final Map<String, Long> ids;
  private final Map<Long, String> addedTokens;
  private final String source;

  private Tokenizer(
      HuggingFaceTokenizer tokenizer,
      Map<String, Long> ids,
      Map<Long, String> addedTokens,
      String source) {
    this.tokenizer = tokenizer;
    this.ids = ids;
    this.addedTokens = addedTokens;
    this.source = source;
  }

  /**
   * Loads the tokenizer of a checkpoint.
   *
   * @throws CheckpointException if there is no {@code tokenizer.json} or it is not understood
   */
  public static Tokenizer of(CheckpointFolder checkpoint) {
    if (!checkpoint.has(FILE)) {
      throw new CheckpointException("Cannot load a checkpoint from " + checkpoint + ": no " + FILE);
    }
    Map<String, Long> ids = new HashMap<>();
    Map<Long, String> added = new HashMap<>();
    JsonNode file = checkpoint.json(FILE);
    file.path("model")
        .path("vocab")
        .properties()
        .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asLong()));
    for (JsonNode token : file.path("added_tokens")) {
      ids.put(token.path("content").asText(), token.path("id").asLong());
      added.put(token.path("id").asLong(), token.path("content").asText());
    }
    // The file may carry a truncation or a padding of its own; transformers overrules both.
    Map<String, String> options = Map.of("truncation", "false", "padding", "false");
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(checkpoint.bytes(FILE)), options);
      return new Tokenizer(tokenizer, ids, added, checkpoint.file(FILE).toString());
    } catch (IOException | RuntimeException e) {
      throw new CheckpointException(
          "Cannot read " + checkpoint.file(FILE) + ": " + e.getMessage(), e);
    }
  }

  /** Token ids of a text; special tokens written in it count as such. */
  public long[] encode(String text) {
    return tokenizer.encode(text).getIds();
  }

  /** The text of some tokens, special ones included. */
  public String decode(long... tokens) {
    return tokenizer.decode(tokens, false);
  }

  /**
   * The id of a token, spelled as in the vocabulary.
   *
   * @throws CheckpointException if the vocabulary has no such token
   */
  public long id(String token) {
    Long id = ids.get(token);
    if (id == null) {
      throw new CheckpointException("Cannot find the token \"" + token + "\" in " + source);
    }
    return id;
  }

  /**
   * The text that always becomes this one token.
   *
   * @throws CheckpointException if there is none, since the id is not an added token's
   */
  public String addedToken(long id) {
    String token = addedTokens.get(id);
    if (token == null) {
      throw new CheckpointException("Cannot find the added token " + id + " in " + source);
    }
    return token;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
