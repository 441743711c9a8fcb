package dev.assay.prompt.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.prompt.tokenizer.AddedTokens.AddedToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A checkpoint's tokenizer, run by Hugging Face's own library through DJL: the same code that
 * transformers runs, so the same ids. Nothing is cut off and nothing padded. May be used by many
 * threads.
 *
 * <p>Added tokens such as {@code <|im_end|>} are found here, and the library's tokenizer is made
 * without them. So a text can be put into a prompt as plain characters: see {@link #plain}.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String PROBE = "a";

  private final HuggingFaceTokenizer tokenizer; // knows no added token
  private final long[] before; // what the tokenizer's post-processor puts in front of a prompt
  private final long[] after; // and behind it; mostly nothing
  private final Map<String, Long> ids;
  private final AddedTokens addedTokens;
  private final String source;

  private Tokenizer(
      HuggingFaceTokenizer tokenizer,
      Map<String, Long> ids,
      AddedTokens addedTokens,
      String source) {
    this.tokenizer = tokenizer;
    long[] inner = ids(PROBE, false);
    long[] whole = ids(PROBE, true);
    int start = 0;
    while (!Arrays.equals(inner, Arrays.copyOfRange(whole, start, start + inner.length))) {
      start++;
    }
    this.before = Arrays.copyOf(whole, start);
    this.after = Arrays.copyOfRange(whole, start + inner.length, whole.length);
    this.ids = ids;
    this.addedTokens = addedTokens;
    this.source = source;
  }

  /**
   * Loads the tokenizer of a checkpoint: its {@code tokenizer.json}, or what {@link
   * SlowTokenizerFiles} makes of older files.
   *
   * @throws CheckpointException if there is none, or it is not understood
   */
  public static Tokenizer of(CheckpointFolder checkpoint) {
    String name = "tokenizer.json";
    if (checkpoint.has(name)) {
      return of(checkpoint.json(name), checkpoint.file(name).toString());
    }
    return of(SlowTokenizerFiles.tokenizerJson(checkpoint), checkpoint.toString());
  }

  private static Tokenizer of(JsonNode file, String source) {
    Map<String, Long> ids = new HashMap<>();
    file.path("model")
        .path("vocab")
        .properties()
        .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asLong()));
    AddedTokens added = new AddedTokens(file.path("added_tokens"));
    added.all().forEach(token -> ids.put(token.text(), token.id()));
    try {
      if (!(file instanceof ObjectNode object)) {
        throw new IOException("not a JSON object");
      }
      object.putArray("added_tokens");
      // The file may carry a truncation or a padding of its own; transformers overrules both.
      Map<String, String> options = Map.of("truncation", "false", "padding", "false");
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(file.toString().getBytes(StandardCharsets.UTF_8)), options);
      return new Tokenizer(tokenizer, ids, added, source);
    } catch (IOException | RuntimeException e) {
      throw new CheckpointException(
          "Cannot use the tokenizer in " + source + ": " + e.getMessage(), e);
    }
  }

  /**
   * A text as it must be written into a prompt so that {@link #encode} takes all of it as plain
   * characters. A text without added tokens, or parts of them at its ends, stays as it is.
   */
  public String plain(String text) {
    return addedTokens.hidden(text);
  }

  /**
   * Token ids of a prompt. Added tokens that are written in it count as such; what went through
   * {@link #plain} is taken as characters.
   */
  public long[] encode(String prompt) {
    LongStream.Builder out = LongStream.builder();
    add(before, out);
    int done = 0;
    for (int i = 0; i < prompt.length(); i++) {
      AddedToken token = addedTokens.at(prompt, i);
      if (token != null) {
        encodeCharacters(prompt.substring(done, i), out);
        out.add(exact(token).id());
        done = i + token.text().length();
        i = done - 1;
      }
    }
    encodeCharacters(prompt.substring(done), out);
    add(after, out);
    return out.build().toArray();
  }

  private void encodeCharacters(String text, LongStream.Builder out) {
    if (!text.isEmpty()) {
      add(ids(Escapes.undo(text), false), out);
    }
  }

  private long[] ids(String text, boolean withBeforeAndAfter) {
    return tokenizer.encode(text, withBeforeAndAfter, false).getIds();
  }

  private static void add(long[] more, LongStream.Builder out) {
    for (long id : more) {
      out.add(id);
    }
  }

  private AddedToken exact(AddedToken token) {
    if (!token.exact()) {
      throw new CheckpointException(
          "Cannot use the token \""
              + token.text()
              + "\" in "
              + source
              + ": lstrip, rstrip and single_word are not supported");
    }
    return token;
  }

  /** The text of some tokens, added ones included. */
  public String decode(long... tokens) {
    StringBuilder out = new StringBuilder();
    int done = 0;
    for (int i = 0; i < tokens.length; i++) {
      AddedToken token = addedTokens.of(tokens[i]);
      if (token != null) {
        decodeCharacters(Arrays.copyOfRange(tokens, done, i), out);
        out.append(token.text());
        done = i + 1;
      }
    }
    decodeCharacters(Arrays.copyOfRange(tokens, done, tokens.length), out);
    return out.toString();
  }

  private void decodeCharacters(long[] tokens, StringBuilder out) {
    if (tokens.length > 0) {
      out.append(tokenizer.decode(tokens, false));
    }
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
    AddedToken token = addedTokens.of(id);
    if (token == null) {
      throw new CheckpointException("Cannot find the added token " + id + " in " + source);
    }
    return token.text();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
