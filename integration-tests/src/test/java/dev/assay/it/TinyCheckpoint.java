package dev.assay.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A copy of a tiny random checkpoint, whole at first, to be broken by a test. */
record TinyCheckpoint(Path folder) {
  private static final List<String> FILES =
      List.of(
          "config.json",
          "model.safetensors",
          "preprocessor_config.json",
          "tokenizer.json",
          "tokenizer_config.json");

  /**
   * Writes the checkpoint.
   *
   * @param family {@code qwen2-vl} or {@code qwen2.5-vl}
   */
  static TinyCheckpoint copy(String family, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String file : FILES) {
      String resource = "/fixtures/" + family + "/" + file;
      try (InputStream in = TinyCheckpoint.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new AssertionError("no " + resource + " among the fixtures");
        }
        Files.copy(in, folder.resolve(file));
      }
    }
    return new TinyCheckpoint(folder);
  }

  Path weights() {
    return folder.resolve("model.safetensors");
  }

  void editConfig(Consumer<JsonObject> edit) throws IOException {
    Path file = folder.resolve("config.json");
    JsonObject config = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    edit.accept(config);
    Files.writeString(file, config.toString());
  }

  /** Rewrites the header of the weights: eight bytes of its length, then JSON, then the tensors. */
  void editHeader(Consumer<JsonObject> edit) throws IOException {
    byte[] all = Files.readAllBytes(weights());
    int length = (int) ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
    JsonObject header =
        JsonParser.parseString(new String(all, Long.BYTES, length, UTF_8)).getAsJsonObject();
    edit.accept(header);
    byte[] edited = header.toString().getBytes(UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(Long.BYTES + edited.length + all.length - Long.BYTES - length);
    out.order(ByteOrder.LITTLE_ENDIAN).putLong(edited.length).put(edited);
    out.put(all, Long.BYTES + length, all.length - Long.BYTES - length);
    Files.write(weights(), out.array());
  }

  void removeTensor(String name) throws IOException {
    editHeader(
        header -> {
          if (header.remove(name) == null) {
            throw new AssertionError("no tensor " + name + " among " + header.keySet());
          }
        });
  }

  /** Gives a tensor another shape of the same size. */
  void reshape(String name, int... shape) throws IOException {
    JsonArray sizes = new JsonArray();
    Arrays.stream(shape).forEach(sizes::add);
    editHeader(header -> header.getAsJsonObject(name).add("shape", sizes));
  }

  void truncateWeights() throws IOException {
    byte[] all = Files.readAllBytes(weights());
    Files.write(weights(), Arrays.copyOf(all, all.length / 2));
  }

  void keepOnlyPickle() throws IOException {
    Files.move(weights(), folder.resolve("pytorch_model.bin"));
  }
}
