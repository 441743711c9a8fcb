package dev.assay.it;

import com.google.gson.JsonObject;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * A dataset of coloured discs and their names, in the layout that {@code ingest} reads: 12 queries
 * (texts, images, and images with a text), 40 candidates (20 images, 20 texts), 13 positives.
 */
record SmallDataset(Path folder) {
  static final int QUERIES = 12;
  static final int CANDIDATES = 40;
  static final int POSITIVES = QUERIES + 1;

  private static final List<String> COLOURS = List.of("red", "green", "blue", "black", "orange");
  private static final List<Color> INKS =
      List.of(Color.RED, Color.GREEN, Color.BLUE, Color.BLACK, Color.ORANGE);

  static SmallDataset write(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("images"));
    List<JsonObject> candidates = new ArrayList<>();
    for (int i = 0; i < CANDIDATES / 2; i++) {
      String image = "disc-" + i + ".png";
      ImageIO.write(disc(i), "png", folder.resolve("images").resolve(image).toFile());
      candidates.add(item("candidate_id", "image-" + i, "", image));
      candidates.add(item("candidate_id", "text-" + i, name(i), null));
    }
    List<JsonObject> queries = new ArrayList<>();
    List<JsonObject> positives = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      String image = "disc-" + i + ".png";
      switch (i % 3) {
        case 0 -> queries.add(item("query_id", "q" + i, "Find an image of " + name(i), null));
        case 1 -> queries.add(item("query_id", "q" + i, "", image));
        default -> queries.add(item("query_id", "q" + i, "<|image_1|>\nWhat is this? ünï", image));
      }
      positives.add(positive("q" + i, i % 3 == 0 ? "image-" + i : "text-" + i));
    }
    positives.add(positive("q0", "text-0"));
    return new SmallDataset(folder)
        .lines("queries", queries)
        .lines("candidates", candidates)
        .lines("positives", positives);
  }

  /** Cuts an image short, so that it can no longer be decoded. */
  void truncate(String image) throws IOException {
    Path file = folder.resolve("images").resolve(image);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  static JsonObject item(String idName, String id, String text, String image) {
    JsonObject item = new JsonObject();
    item.addProperty(idName, id);
    item.addProperty("dataset", "discs");
    item.addProperty("text", text);
    item.addProperty("image", image);
    return item;
  }

  static JsonObject positive(String query, String candidate) {
    JsonObject pair = new JsonObject();
    pair.addProperty("query_id", query);
    pair.addProperty("candidate_id", candidate);
    return pair;
  }

  private static String name(int i) {
    return "a " + COLOURS.get(i % COLOURS.size()) + " disc " + (8 + 2 * i) + " wide";
  }

  private static BufferedImage disc(int i) {
    BufferedImage image = new BufferedImage(56 + 4 * (i % 5), 56, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.setColor(INKS.get(i % INKS.size()));
    graphics.fillOval(2, 2, 8 + 2 * i, 8 + 2 * i);
    graphics.dispose();
    return image;
  }

  /** Adds a line to a file as it is. */
  void append(String file, String line) throws IOException {
    Files.write(folder.resolve(file + ".jsonl"), List.of(line), StandardOpenOption.APPEND);
  }

  private SmallDataset lines(String file, List<JsonObject> rows) throws IOException {
    Files.write(folder.resolve(file + ".jsonl"), rows.stream().map(JsonObject::toString).toList());
    return this;
  }
}
