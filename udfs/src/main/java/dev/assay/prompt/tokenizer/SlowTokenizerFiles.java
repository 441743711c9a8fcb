package dev.assay.prompt.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files of a tokenizer that has no {@code tokenizer.json}: {@code vocab.json}, {@code
 * merges.txt}, and the added tokens of {@code tokenizer_config.json} or {@code added_tokens.json}.
 *
 * <p>Makes the {@code tokenizer.json} that transformers' {@code Qwen2Converter} makes of them. The
 * files do not say how a text is split into words, so only Qwen2's tokenizer class is accepted.
 */
final class SlowTokenizerFiles {
  private static final String CONFIG = "tokenizer_config.json";
  private static final String VOCABULARY = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final Set<String> CLASSES = Set.of("Qwen2Tokenizer", "Qwen2TokenizerFast");

  /** How Qwen2 splits a text: contractions, words, single digits, signs, line breaks, spaces. */
  private static final String WORDS =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final CheckpointFolder checkpoint;

  private SlowTokenizerFiles(CheckpointFolder checkpoint) {
    this.checkpoint = checkpoint;
  }

  /**
   * What the checkpoint's {@code tokenizer.json} would be.
   *
   * @throws CheckpointException if a file is missing or the tokenizer is not Qwen2's
   */
  static JsonNode tokenizerJson(CheckpointFolder checkpoint) {
    return new SlowTokenizerFiles(checkpoint).tokenizerJson();
  }

  private JsonNode tokenizerJson() {
    if (!checkpoint.has(VOCABULARY) || !checkpoint.has(MERGES)) {
      throw failure("no tokenizer.json, and no vocab.json with merges.txt");
    }
    JsonNode config = checkpoint.has(CONFIG) ? checkpoint.json(CONFIG) : JSON.objectNode();
    String type = config.path("tokenizer_class").asText("none");
    if (!CLASSES.contains(type)) {
      throw failure(
          "no tokenizer.json, and its tokenizer_class is " + type + ", not Qwen2Tokenizer");
    }
    ObjectNode file = JSON.objectNode();
    file.put("version", "1.0");
    file.set("added_tokens", addedTokens(config));
    file.putObject("normalizer").put("type", "NFC");
    file.set("pre_tokenizer", preTokenizer(config.path("add_prefix_space").asBoolean()));
    file.set("post_processor", byteLevel(false).put("trim_offsets", false));
    file.set("decoder", byteLevel(false));
    file.set("model", model());
    return file;
  }

  private static ObjectNode preTokenizer(boolean addPrefixSpace) {
    ObjectNode split = JSON.objectNode().put("type", "Split");
    split.putObject("pattern").put("Regex", WORDS);
    split.put("behavior", "Isolated").put("invert", false);
    ObjectNode sequence = JSON.objectNode().put("type", "Sequence");
    sequence.putArray("pretokenizers").add(split).add(byteLevel(addPrefixSpace));
    return sequence;
  }

  private static ObjectNode byteLevel(boolean addPrefixSpace) {
    return JSON.objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", addPrefixSpace)
        .put("trim_offsets", true)
        .put("use_regex", false);
  }

  private ObjectNode model() {
    ObjectNode model = JSON.objectNode().put("type", "BPE");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    model.set("vocab", checkpoint.json(VOCABULARY));
    ArrayNode merges = model.putArray("merges");
    boolean first = true;
    for (String line : checkpoint.text(MERGES).split("\r?\n")) {
      boolean version = first && line.startsWith("#version");
      first = false;
      if (!version && !line.isBlank()) {
        merges.add(line);
      }
    }
    return model;
  }

  /** In the order of their ids, as the tokenizer's library wants them. */
  private ArrayNode addedTokens(JsonNode config) {
    Map<Long, ObjectNode> byId = new TreeMap<>();
    if (checkpoint.has("added_tokens.json")) {
      for (Map.Entry<String, JsonNode> token : checkpoint.json("added_tokens.json").properties()) {
        long id = token.getValue().asLong();
        byId.put(id, JSON.objectNode().put("id", id).put("content", token.getKey()));
      }
    }
    for (Map.Entry<String, JsonNode> token : config.path("added_tokens_decoder").properties()) {
      long id = Long.parseLong(token.getKey());
      ObjectNode node = JSON.objectNode().put("id", id);
      node.setAll((ObjectNode) token.getValue());
      byId.put(id, node);
    }
    if (byId.isEmpty()) {
      throw failure("no tokenizer.json, and no added tokens in " + CONFIG);
    }
    return JSON.arrayNode().addAll(byId.values());
  }

  private CheckpointException failure(String why) {
    return new CheckpointException(
        "Cannot load a checkpoint from "
            + checkpoint
            + ": "
            + why
            + ". Write a tokenizer.json with transformers:"
            + " AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)");
  }
}
