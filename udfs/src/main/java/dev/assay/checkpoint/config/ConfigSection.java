package dev.assay.checkpoint.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;

/**
 * A part of {@code config.json}. A key that is not there has the default of transformers' own
 * configuration class; a value that cannot be used is refused by its name.
 *
 * @param json an object, or nothing
 * @param prefix of the names in messages, empty for the file's own keys
 */
record ConfigSection(CheckpointFolder folder, JsonNode json, String prefix) {
  static final String FILE = "config.json";

  /** A part of this one, empty if it is not there. */
  ConfigSection part(String name) {
    JsonNode part = json.path(name);
    if (!part.isObject() && !part.isNull() && !part.isMissingNode()) {
      throw unusable(name, "an object");
    }
    return new ConfigSection(
        folder, part.isObject() ? part : MissingNode.getInstance(), prefix + name + ".");
  }

  boolean has(String name) {
    return !json.path(name).isMissingNode() && !json.path(name).isNull();
  }

  int positive(String name, int otherwise) {
    JsonNode value = json.path(name);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isInt() || value.asInt() <= 0) {
      throw unusable(name, "a positive whole number");
    }
    return value.asInt();
  }

  double positive(String name, double otherwise) {
    JsonNode value = json.path(name);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isNumber() || !(value.asDouble() > 0)) {
      throw unusable(name, "a positive number");
    }
    return value.asDouble();
  }

  long token(String name, long otherwise) {
    JsonNode value = json.path(name);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.canConvertToLong() || !value.isIntegralNumber() || value.asLong() < 0) {
      throw unusable(name, "a token id");
    }
    return value.asLong();
  }

  /** Whether something is switched on; null is off. */
  boolean flag(String name) {
    JsonNode value = json.path(name);
    if (!value.isBoolean() && has(name)) {
      throw unusable(name, "true or false");
    }
    return value.asBoolean(false);
  }

  String text(String name, String otherwise) {
    JsonNode value = json.path(name);
    if (!value.isTextual() && has(name)) {
      throw unusable(name, "a text");
    }
    return value.asText(otherwise);
  }

  /** Refuses a value that Assay cannot compute with. */
  CheckpointException unsupported(String name, String supported) {
    return broken(prefix + name + " is " + json.path(name) + ", Assay supports " + supported);
  }

  private CheckpointException unusable(String name, String expected) {
    return broken(prefix + name + " is " + json.path(name) + ", not " + expected);
  }

  CheckpointException broken(String why) {
    return new CheckpointException("Cannot load " + folder + ": in " + FILE + ", " + why);
  }
}
