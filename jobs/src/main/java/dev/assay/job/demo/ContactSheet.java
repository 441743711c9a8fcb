package dev.assay.job.demo;

import dev.assay.scenes.dataset.SceneItem;
import dev.assay.scenes.world.Drawing;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * An image of some queries. Each row shows the query, its positive, its first negatives, and
 * candidates that were rejected as false negatives. The frame of a candidate is green if it truly
 * meets the query, and red if it does not.
 */
final class ContactSheet {
  /** The number of negatives shown for each query. */
  static final int MINED = 5;

  /** The number of rejected candidates shown for each query. */
  static final int REJECTED = 3;

  private static final int SIDE = Drawing.SIDE;
  private static final int GAP = 10;
  private static final int HEAD = 18;
  private static final int FOOT = 30;
  private static final Color MET = new Color(30, 140, 60);
  private static final Color NOT_MET = new Color(200, 40, 40);

  private final DemoTables tables;
  private final Path images;
  private final Configuration hadoop;
  private final BufferedImage sheet;
  private final Graphics2D pen;

  /**
   * Draws the sheet.
   *
   * @param queries one row each
   * @param images the folder of the demo's images
   */
  ContactSheet(DemoTables tables, List<String> queries, Path images, Configuration hadoop)
      throws IOException {
    this.tables = tables;
    this.images = images;
    this.hadoop = hadoop;
    int width = GAP + (2 + MINED + REJECTED) * (SIDE + GAP);
    int height = HEAD + GAP + queries.size() * (SIDE + FOOT + GAP);
    this.sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    this.pen = sheet.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
    heads();
    for (int row = 0; row < queries.size(); row++) {
      row(queries.get(row), HEAD + GAP + row * (SIDE + FOOT + GAP));
    }
  }

  void write(OutputStream out) throws IOException {
    ImageIO.write(sheet, "png", out);
  }

  private void heads() {
    pen.setColor(Color.BLACK);
    pen.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 12));
    pen.drawString("query", x(0), HEAD);
    pen.drawString("positive", x(1), HEAD);
    pen.drawString("mined as negatives", x(2), HEAD);
    pen.drawString("rejected as false negatives", x(2 + MINED), HEAD);
  }

  private static int x(int column) {
    return GAP + column * (SIDE + GAP);
  }

  private void row(String query, int y) throws IOException {
    item(tables.scenes().queries().get(query), x(0), y, Color.GRAY);
    candidate(tables.positive().get(query), x(1), y);
    list(tables.mined().getOrDefault(query, List.of()), 2, MINED, y);
    list(tables.falseNegatives().getOrDefault(query, List.of()), 2 + MINED, REJECTED, y);
  }

  private void list(List<Ranked> candidates, int column, int most, int y) throws IOException {
    for (int i = 0; i < Math.min(most, candidates.size()); i++) {
      candidate(candidates.get(i), x(column + i), y);
    }
  }

  private void candidate(Ranked candidate, int x, int y) throws IOException {
    Color frame = candidate.met() ? MET : NOT_MET;
    item(tables.scenes().candidates().get(candidate.candidateId()), x, y, frame);
    pen.setColor(Color.BLACK);
    pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
    Double score = candidate.score();
    String judged = score == null ? "not judged" : String.format(Locale.ROOT, "score %.3f", score);
    pen.drawString(judged, x, y + SIDE + 14);
    pen.drawString(
        String.format(Locale.ROOT, "similarity %.3f", candidate.similarity()), x, y + SIDE + 26);
  }

  private void item(SceneItem item, int x, int y, Color frame) throws IOException {
    if (item.scene() != null) {
      try (InputStream in = open(item.id() + ".png")) {
        pen.drawImage(ImageIO.read(in), x, y, null);
      }
    }
    pen.setColor(frame);
    pen.drawRect(x - 1, y - 1, SIDE + 1, SIDE + 1);
    pen.drawRect(x - 2, y - 2, SIDE + 3, SIDE + 3);
    if (item.text() != null) {
      pen.setColor(Color.BLACK);
      pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, item.scene() == null ? 12 : 10));
      List<String> lines = wrapped(item.text());
      int top = item.scene() == null ? y + 20 : y + SIDE + 14;
      for (int i = 0; i < lines.size(); i++) {
        pen.drawString(lines.get(i), x + 3, top + i * 14);
      }
    }
  }

  private InputStream open(String name) throws IOException {
    FileSystem files = images.getFileSystem(hadoop);
    return files.open(new Path(images, name));
  }

  private List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>(List.of(""));
    for (String word : text.split(" ", -1)) {
      String longer = (lines.get(lines.size() - 1) + " " + word).strip();
      if (pen.getFontMetrics().stringWidth(longer) > SIDE - 6) {
        lines.add(word);
      } else {
        lines.set(lines.size() - 1, longer);
      }
    }
    return lines;
  }
}
