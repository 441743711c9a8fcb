package dev.assay.checkpoint.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Which checkpoint an adapter stands on: what Assay notes in {@code assay.json} beside it, or else
 * what PEFT does in {@code adapter_config.json}.
 *
 * @param location a path or URI; a relative one counts from the folder the adapter's lies in
 * @param fingerprint {@link Fingerprint#of(CheckpointFolder)} it had in training, empty if not
 *     known
 */
public record AdapterBase(String location, String fingerprint) {
  public static final String FILE = "assay.json";

  private static final String BASE = "base";
  private static final String FINGERPRINT = "base_fingerprint";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads what is noted in an adapter's folder.
   *
   * @param otherwise the location, where {@code assay.json} names none
   */
  public static AdapterBase of(CheckpointFolder adapter, String otherwise) {
    JsonNode json = adapter.has(FILE) ? adapter.json(FILE) : JSON.createObjectNode();
    return new AdapterBase(json.path(BASE).asText(otherwise), json.path(FINGERPRINT).asText(""));
  }

  public byte[] json() {
    ObjectNode json = JSON.createObjectNode().put(BASE, location).put(FINGERPRINT, fingerprint);
    return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Opens the base.
   *
   * @throws CheckpointException if there is none, or it is an adapter itself
   */
  public CheckpointFolder open(CheckpointFolder adapter, Configuration hadoop) {
    String wayOut = "; say where it is as \"" + BASE + "\" in " + adapter.location() + "/" + FILE;
    if (location.isBlank()) {
      throw new CheckpointException(
          "Cannot load adapter " + adapter + ": it names no base" + wayOut);
    }
    CheckpointFolder base;
    try {
      Path named = new Path(location);
      Path path = named.isAbsolute() ? named : new Path(adapter.location().getParent(), named);
      base = CheckpointFolder.openWhole(path.toString(), hadoop);
    } catch (CheckpointException | IllegalArgumentException e) {
      throw new CheckpointException(
          String.format(
              "Cannot load adapter %s: its base %s is not there (%s)%s",
              adapter, location, e.getMessage(), wayOut),
          e);
    }
    if (base.has(PeftConfig.FILE)) {
      throw new CheckpointException(
          "Cannot load adapter "
              + adapter
              + ": its base "
              + base
              + " is an adapter itself; merge that one first");
    }
    return base;
  }

  /**
   * Refuses another base than the one the adapter was trained on.
   *
   * @throws CheckpointException saying so
   */
  public void check(CheckpointFolder adapter, CheckpointFolder base) {
    String found = fingerprint.isEmpty() ? "" : Fingerprint.of(base);
    if (!found.equals(fingerprint)) {
      throw new CheckpointException(
          String.format(
              "Cannot load adapter %s: it was trained on a checkpoint of fingerprint %s, %s has %s;"
                  + " name the right one as \"%s\" in %s/%s, or remove \"%s\" there if only the weights count",
              adapter, fingerprint, base, found, BASE, adapter.location(), FILE, FINGERPRINT));
    }
  }
}
