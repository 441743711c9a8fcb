package dev.assay.job.ingest.input;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.assay.item.BadItemException;
import java.io.IOException;

/** A JSON object in the input, and what its fields must be. */
public record JsonRow(JsonNode object) {
  public static final ObjectMapper JSON =
      new ObjectMapper()
          // Python writes NaN; better to name the field than to call the file broken.
          .enable(JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS);

  /** A longer line is not held in memory. */
  public static final int MAX_LINE_BYTES = 16 << 20;

  private static final ObjectReader LINE =
      JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

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
   * Takes what was parsed for a row.
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
   * An id: a string, or a whole number taken as one.
   *
   * @throws BadItemException {@code missing_id}
   */
  public String id(String field) {
    JsonNode value = object.path(field);
    if (value.isIntegralNumber() || (value.isTextual() && !value.textValue().isBlank())) {
      return value.asText();
    }
    throw new BadItemException("missing_id", "no " + field);
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
    return value.textValue().isEmpty() ? null : value.textValue();
  }

  /** A parser's message without the place in its own buffer, which says nothing to a reader. */
  public static String firstLine(String message) {
    String line = message == null ? "" : message.lines().findFirst().orElse("");
    return line.replaceFirst(" *\\((start marker )?at \\[.*", "");
  }

  private static String kind(JsonNode node) {
    return node.isMissingNode() ? "nothing" : "a JSON " + node.getNodeType().name().toLowerCase();
  }
}
