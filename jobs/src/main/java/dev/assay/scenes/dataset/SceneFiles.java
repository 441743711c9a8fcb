package dev.assay.scenes.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.scenes.source.Split;
import dev.assay.scenes.world.Drawing;
import dev.assay.scenes.world.Scene;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes a dataset as {@code ingest} reads it: {@code queries.jsonl}, {@code candidates.jsonl},
 * {@code positives.jsonl}, and an image for each scene in {@code images}.
 */
public final class SceneFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IMAGES = "images";

  private final Path folder;
  private final FileSystem files;

  /**
   * Writes a dataset. The arguments are FOLDER SPLIT SEED QUERIES CANDIDATES POSITIVES. POSITIVES
   * is {@code labels} (one for each query) or {@code truth} (all of them).
   */
  public static void main(String[] arguments) throws IOException {
    long seed = Long.parseLong(arguments[2]);
    SceneDataset dataset =
        SceneDataset.of(
            Split.valueOf(arguments[1]),
            seed,
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]));
    boolean truth = arguments[5].equals("truth");
    new SceneFiles(arguments[0], new Configuration())
        .write(dataset, truth ? dataset.truth() : dataset.labels(), seed);
  }

  /** Creates the folder if it is missing. */
  public SceneFiles(String folder, Configuration hadoop) throws IOException {
    this.folder = new Path(folder);
    this.files = this.folder.getFileSystem(hadoop);
    files.mkdirs(new Path(this.folder, IMAGES));
  }

  /** Writes a dataset with the labelled positive of each query. */
  public void write(SceneDataset dataset, long seed) throws IOException {
    write(dataset, dataset.labels(), seed);
  }

  /**
   * Writes a dataset.
   *
   * @param positives candidates of each query
   * @param seed of the images
   */
  public void write(SceneDataset dataset, Map<String, List<String>> positives, long seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<Picture> pictures = new ArrayList<>();
    List<Map<String, Object>> queries = items("query_id", dataset.queries(), random, pictures);
    List<Map<String, Object>> candidates =
        items("candidate_id", dataset.candidates(), random, pictures);
    draw(pictures);
    List<Map<String, Object>> pairs = new ArrayList<>();
    positives.forEach(
        (query, all) -> {
          for (String positive : all) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("query_id", query);
            row.put("candidate_id", positive);
            pairs.add(row);
          }
        });
    lines("queries.jsonl", queries);
    lines("candidates.jsonl", candidates);
    lines("positives.jsonl", pairs);
  }

  /** An image to draw. */
  private record Picture(String name, Scene scene, SplittableRandom random) {}

  /** The rows of items. Their images are added to those to draw, each with its own random. */
  private static List<Map<String, Object>> items(
      String idColumn,
      Map<String, SceneItem> items,
      SplittableRandom random,
      List<Picture> pictures) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (SceneItem item : items.values()) {
      String image = item.scene() == null ? null : item.id() + ".png";
      if (image != null) {
        pictures.add(new Picture(image, item.scene(), random.split()));
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put(idColumn, item.id());
      row.put("dataset", item.task().dataset());
      row.put("text", item.text());
      row.put("image", image);
      rows.add(row);
    }
    return rows;
  }

  /** Draws on all cores. */
  private void draw(List<Picture> pictures) throws IOException {
    try {
      pictures.parallelStream().forEach(this::draw);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void draw(Picture picture) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      // Without this stream ImageIO writes each image to a temporary file first.
      try (ImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
        ImageIO.write(Drawing.of(picture.scene(), picture.random()), "png", out);
      }
      write(IMAGES + "/" + picture.name(), png.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void lines(String name, List<Map<String, Object>> rows) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Map<String, Object> row : rows) {
      lines.append(JSON.writeValueAsString(row)).append('\n');
    }
    write(name, lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = new Path(folder, name);
    if (files instanceof LocalFileSystem local) {
      // Hadoop starts a chmod process for each file, which is much slower than drawing the image.
      Files.write(local.pathToFile(file).toPath(), bytes);
      return;
    }
    try (OutputStream out = files.create(file, true)) {
      out.write(bytes);
    }
  }
}
