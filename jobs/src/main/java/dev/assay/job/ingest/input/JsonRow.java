package dev.assay.job.ingest.input;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import dev.assay.item.BadItemException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A JSON object in the input, and what its fields must be. */
public record JsonRow(JsonNode object) {
  public static final ObjectMapper JSON =
      new ObjectMapper()
          // Python writes NaN: the message then names the field instead of the file.
          .enable(JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS)
          // Otherwise the last of two equal keys would win without a word.
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /** A longer line is not held in memory. */
  public static final int MAX_LINE_BYTES = 16 << 20;

  private static final ObjectReader LINE =
      JSON.reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // An id that was written as a float must keep all its digits.
          .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

  /** Up to here a float tells one whole number from the next. */
  private static final BigDecimal MAX_WHOLE_FLOAT = BigDecimal.valueOf(1L << 53);

  private static final int SHOWN_CHARACTERS = 60;

  /**
   * Parses one line.
   *
   * @param line null where it is too long to be held
   * @throws BadItemException {@code oversized_row}, {@code broken_json}
   */
  public static JsonRow parse(byte[] line) {
    if (line == null) {
      throw new BadItemException(
          "oversized_row", "a line of more than " + MAX_LINE_BYTES + " bytes");
    }
    try {
      return of(LINE.readTree(line));
    } catch (JsonProcessingException e) {
      throw new BadItemException("broken_json", firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new BadItemException("broken_json", firstLine(e.getMessage()));
    }
  }

  /**
   * The row of a parsed value.
   *
   * @throws BadItemException {@code broken_json} if it is not an object
   */
  public static JsonRow of(JsonNode node) {
    if (!node.isObject()) {
      throw new BadItemException("broken_json", "not an object but " + kind(node));
    }
    return new JsonRow(node);
  }

  /**
   * An id: a string, or a whole number as its digits. Pandas turns a column of integers into floats
   * when it joins tables, so {@code 8.0} is the id {@code 8}.
   *
   * @throws BadItemException {@code missing_id}; {@code wrong_type} for any other value
   */
  public String id(String field) {
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) {
      throw new BadItemException("missing_id", "no " + field);
    }
    if (value.isTextual() && value.textValue().isBlank()) {
      throw new BadItemException("missing_id", field + " is blank");
    }
    if (value.isTextual() || value.isIntegralNumber()) {
      return encodable(value.asText());
    }
    if (value.isBigDecimal() && isWhole(value.decimalValue())) {
      return value.decimalValue().toBigInteger().toString();
    }
    throw new BadItemException(
        "wrong_type", field + " is " + shown(value) + "; an id must be a string or a whole number");
  }

  private static boolean isWhole(BigDecimal value) {
    return value.abs().compareTo(MAX_WHOLE_FLOAT) <= 0 && value.stripTrailingZeros().scale() <= 0;
  }

  private static String shown(JsonNode value) {
    if (value.isContainerNode()) {
      return kind(value);
    }
    String text = value.isBigDecimal() ? value.asText().toLowerCase(Locale.ROOT) : value.asText();
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
  }

  /**
   * A string, or null where it is null, absent, or empty.
   *
   * @throws BadItemException {@code wrong_type}
   */
  public String text(String field) {
    return text(object.path(field), field);
  }

  public static String text(JsonNode value, String field) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new BadItemException("wrong_type", field + " is not a string but " + kind(value));
    }
    return value.textValue().isEmpty() ? null : encodable(value.textValue());
  }

  /** JSON can name half of a character, which UTF-8, and so a table, holds as a question mark. */
  private static String encodable(String text) {
    return text.chars().anyMatch(c -> Character.isSurrogate((char) c))
        ? new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
        : text;
  }

  /** A parser's message without the place in the parser's own buffer. */
  public static String firstLine(String message) {
    String line = message == null ? "" : message.lines().findFirst().orElse("");
    return line.replaceFirst(" *\\((start marker )?at \\[.*", "");
  }

  private static String kind(JsonNode node) {
    return node.isMissingNode()
        ? "nothing"
        : "a JSON " + node.getNodeType().name().toLowerCase(Locale.ROOT);
  }
}
