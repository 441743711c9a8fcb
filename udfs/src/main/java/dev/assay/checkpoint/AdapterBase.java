package dev.assay.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoint that an adapter was trained on: as Assay notes it in {@code assay.json} beside the
 * adapter, or else as PEFT does in {@code adapter_config.json}.
 *
 * @param location a path or URI; a relative one starts at the parent of the adapter's folder
 * @param fingerprint the base's fingerprint during training, empty if not known
 */
public record AdapterBase(String location, String fingerprint) {
  /** Assay's file. */
  public static final String FILE = "assay.json";

  /** PEFT's file. A folder that has it holds an adapter. */
  public static final String PEFT_FILE = "adapter_config.json";

  /** The key of the location in {@link #FILE}. */
  public static final String BASE = "base";

  /** The key of the fingerprint in {@link #FILE}. */
  public static final String FINGERPRINT = "base_fingerprint";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads what is noted in an adapter's folder. */
  public static AdapterBase of(CheckpointFolder adapter) {
    JsonNode assay = adapter.has(FILE) ? adapter.json(FILE) : JSON.createObjectNode();
    JsonNode peft = adapter.json(PEFT_FILE).path("base_model_name_or_path");
    return new AdapterBase(
        assay.path(BASE).asText(peft.isTextual() ? peft.asText() : ""),
        assay.path(FINGERPRINT).asText(""));
  }

  /** The text of {@link #FILE}. */
  public byte[] json() {
    ObjectNode json = JSON.createObjectNode().put(BASE, location).put(FINGERPRINT, fingerprint);
    return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Opens the base.
   *
   * @throws CheckpointException if there is none, or it is an adapter itself
   */
  CheckpointFolder open(CheckpointFolder adapter, Configuration hadoop) {
    String wayOut = "; set its place as \"" + BASE + "\" in " + adapter.location() + "/" + FILE;
    if (location.isBlank()) {
      throw new CheckpointException(
          "Cannot load adapter " + adapter + ": it names no base" + wayOut);
    }
    CheckpointFolder base;
    try {
      Path named = new Path(location);
      Path path = named.isAbsolute() ? named : new Path(adapter.location().getParent(), named);
      base = CheckpointFolder.openAlone(path.toString(), hadoop);
    } catch (CheckpointException | IllegalArgumentException e) {
      throw new CheckpointException(
          "Cannot load adapter %s: its base %s is not there (%s)%s"
              .formatted(adapter, location, e.getMessage(), wayOut),
          e);
    }
    if (base.has(PEFT_FILE)) {
      throw new CheckpointException(
          "Cannot load adapter "
              + adapter
              + ": its base "
              + base
              + " is an adapter itself; merge that one first");
    }
    return base;
  }
}
