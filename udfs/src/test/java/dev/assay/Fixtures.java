package dev.assay;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.session.LoadedCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** The committed tiny checkpoints and what transformers makes of them. */
public final class Fixtures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Fixtures() {}

  /** A file or folder of the fixtures. */
  public static Path path(String name) {
    URL url = Fixtures.class.getResource("/fixtures/" + name);
    if (url == null) {
      throw new IllegalStateException("No fixture " + name);
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static CheckpointFolder checkpoint(String name) {
    return CheckpointFolder.open(path(name).toString(), new Configuration());
  }

  /** A checkpoint, loaded on the CPU. */
  public static LoadedCheckpoint load(String name, Precision precision) {
    return LoadedCheckpoint.load(checkpoint(name), Device.cpu(), precision);
  }

  /** What transformers gave for a checkpoint. */
  public static JsonNode reference(String checkpoint) {
    return json("reference-" + checkpoint + ".json");
  }

  /** A JSON file of the fixtures. */
  public static JsonNode json(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream("/fixtures/" + name)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] bytes(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream("/fixtures/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An item of a reference file; images are keyed by their name. */
  public static Item item(JsonNode node) {
    String text = node.path("text").isNull() ? null : node.path("text").asText();
    JsonNode image = node.path("image");
    return new Item(
        text,
        image.isTextual()
            ? new EncodedImage(image.asText(), bytes("images/" + image.asText()))
            : null);
  }
}
