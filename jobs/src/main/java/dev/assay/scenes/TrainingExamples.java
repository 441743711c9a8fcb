package dev.assay.scenes;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what the two models of the demo are trained on: {@code images.rgb}, bytes of [image, row,
 * column, channel], and {@code captions.jsonl} and {@code changes.jsonl}, which name images by
 * number.
 *
 * <pre>java … dev.assay.scenes.TrainingExamples FOLDER CAPTIONS CHANGES SEED SPLIT</pre>
 */
public final class TrainingExamples implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Captions of one image: half are true; half of the others differ in one thing. */
  private static final int CAPTIONS = 6;

  /** Images for one change, in the same shares. */
  private static final int CHANGED = 4;

  private final SceneSource source;
  private final Path folder;
  private final OutputStream images;
  private int drawn;

  private TrainingExamples(Path folder, Split split, long seed) throws IOException {
    Files.createDirectories(folder);
    this.folder = folder;
    this.source = new SceneSource(split, seed);
    this.images = new BufferedOutputStream(Files.newOutputStream(folder.resolve("images.rgb")));
  }

  /** Writes examples. */
  public static void main(String[] arguments) throws IOException {
    Split split = Split.valueOf(arguments[4]);
    long seed = Long.parseLong(arguments[3]);
    try (TrainingExamples examples = new TrainingExamples(Path.of(arguments[0]), split, seed)) {
      examples.write("captions.jsonl", Integer.parseInt(arguments[1]), examples::captions);
      examples.write("changes.jsonl", Integer.parseInt(arguments[2]), examples::changes);
    }
  }

  /** An image and statements about it. */
  private record CaptionExample(int image, List<Cell> cells, List<Statement> captions) {}

  /**
   * A caption.
   *
   * @param holds whether it is true of the image
   * @param near whether it was made by changing one thing of a true one
   * @param trueWords how many words can be read before it is certain that it is not true
   */
  private record Statement(String text, boolean holds, boolean near, int trueWords) {}

  /** An image, a wish for a change, and images that may be what is wished for. */
  private record ChangeExample(
      int image, List<Cell> cells, String text, List<ChangedImage> candidates) {}

  /**
   * A candidate of a change.
   *
   * @param wantedCells the cells of those objects that look like one that is wanted
   */
  private record ChangedImage(
      int image, List<Cell> cells, List<Integer> wantedCells, boolean holds, boolean near) {}

  /** What stands in a cell; cells are numbered in reading order. */
  private record Cell(int cell, String size, String colour, String shape) {
    static Cell of(SceneObject o) {
      return new Cell(
          o.row() * Scene.GRID + o.column(), o.size().word(), o.colour().word(), o.shape().word());
    }
  }

  private interface Example {
    Record draw() throws IOException;
  }

  private void write(String name, int count, Example example) throws IOException {
    try (BufferedWriter out =
        Files.newBufferedWriter(folder.resolve(name), StandardCharsets.UTF_8)) {
      for (int i = 0; i < count; i++) {
        out.write(JSON.writeValueAsString(example.draw()));
        out.write('\n');
      }
    }
  }

  private CaptionExample captions() throws IOException {
    Scene scene = source.scene();
    List<Statement> statements = new ArrayList<>();
    for (int i = 0; i < CAPTIONS; i++) {
      boolean near = i % 4 == 1;
      Caption caption = source.captionOf(i % 4 == 3 ? source.scene() : scene);
      if (near) {
        caption = source.nearMissOf(caption, scene).orElse(caption);
      }
      statements.add(
          new Statement(
              caption.words(), caption.isTrueOf(scene), near, TrueBeginning.of(caption, scene)));
    }
    return new CaptionExample(image(scene), cells(scene), statements);
  }

  private ChangeExample changes() throws IOException {
    SceneSource.Wish wish = source.wish();
    Scene scene = wish.scene();
    Scene wanted = wish.wanted();
    List<ChangedImage> candidates = new ArrayList<>();
    for (int i = 0; i < CHANGED; i++) {
      boolean near = i == 1;
      Scene elsewhere = source.rearranged(wanted).orElse(wanted);
      Scene shown = elsewhere;
      if (near) {
        shown = source.nearMissOf(elsewhere).filter(s -> !wanted.isMetBy(s)).orElse(elsewhere);
      } else if (i == 3) {
        shown = source.pick(List.of(scene, source.scene(2)));
      }
      List<Integer> wantedCells =
          shown.objects().stream()
              .filter(o -> wanted.objects().stream().anyMatch(o::looksLike))
              .map(o -> Cell.of(o).cell())
              .toList();
      candidates.add(
          new ChangedImage(image(shown), cells(shown), wantedCells, wanted.isMetBy(shown), near));
    }
    return new ChangeExample(image(scene), cells(scene), wish.change().words(), candidates);
  }

  private static List<Cell> cells(Scene scene) {
    return scene.objects().stream().map(Cell::of).toList();
  }

  private int image(Scene scene) throws IOException {
    BufferedImage image = Drawing.of(scene, source.chance());
    byte[] bytes = new byte[Drawing.SIDE * Drawing.SIDE * 3];
    for (int i = 0; i < Drawing.SIDE * Drawing.SIDE; i++) {
      int rgb = image.getRGB(i % Drawing.SIDE, i / Drawing.SIDE);
      bytes[3 * i] = (byte) (rgb >> 16);
      bytes[3 * i + 1] = (byte) (rgb >> 8);
      bytes[3 * i + 2] = (byte) rgb;
    }
    images.write(bytes);
    return drawn++;
  }

  @Override
  public void close() throws IOException {
    images.close();
  }
}
