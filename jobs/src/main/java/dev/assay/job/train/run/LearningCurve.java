package dev.assay.job.train.run;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * A picture of a run. A thin line shows the loss of each step, a thick line its moving average;
 * below is the learning rate.
 */
public final class LearningCurve {
  public static final String FILE = "learning-curve.png";

  private static final int WIDTH = 900;
  private static final int LOSS_HEIGHT = 380;
  private static final int RATE_HEIGHT = 120;
  private static final int LEFT = 80;
  private static final int TOP = 34;
  private static final int GAP = 46;
  private static final int TICKS = 5;
  private static final Color STEP = new Color(160, 190, 225);
  private static final Color MEAN = new Color(20, 80, 160);
  private static final Color RATE = new Color(200, 110, 30);

  private final List<StepMetrics> steps;
  private final BufferedImage picture =
      new BufferedImage(
          WIDTH, TOP + LOSS_HEIGHT + GAP + RATE_HEIGHT + GAP, BufferedImage.TYPE_INT_RGB);
  private final Graphics2D pen = picture.createGraphics();

  public LearningCurve(List<StepMetrics> steps) {
    this.steps = steps;
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, WIDTH, picture.getHeight());
    pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    if (!steps.isEmpty()) {
      panel("loss", TOP, LOSS_HEIGHT, "%.3g", StepMetrics::loss);
      panel(
          "learning rate", TOP + LOSS_HEIGHT + GAP, RATE_HEIGHT, "%.1e", StepMetrics::learningRate);
    }
    pen.dispose();
  }

  public void write(OutputStream out) throws IOException {
    ImageIO.write(picture, "png", out);
  }

  /** The mean loss of the first or the last twentieth of the steps. */
  public static double mean(List<StepMetrics> steps, boolean first) {
    int some = Math.max(1, steps.size() / 20);
    int from = first ? 0 : Math.max(0, steps.size() - some);
    return steps.stream()
        .skip(from)
        .limit(some)
        .mapToDouble(StepMetrics::loss)
        .average()
        .orElse(Double.NaN);
  }

  private void panel(
      String title, int top, int height, String form, ToDoubleFunction<StepMetrics> value) {
    double[] values = steps.stream().mapToDouble(value).toArray();
    double most = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElse(1);
    double least =
        Math.min(0, IntStream.range(0, values.length).mapToDouble(i -> values[i]).min().orElse(0));
    double span = most > least ? most - least : 1;
    Panel panel = new Panel(top, height, least, span);
    axes(title, panel, form);
    if (title.equals("loss")) {
      line(values, panel, STEP, 1);
      line(smooth(values), panel, MEAN, 2.5f);
    } else {
      line(values, panel, RATE, 2);
    }
  }

  /**
   * @param least value at its lower edge
   * @param span of values over its height
   */
  private record Panel(int top, int height, double least, double span) {
    double y(double value) {
      return top + height - (value - least) / span * height;
    }
  }

  private void axes(String title, Panel panel, String form) {
    for (int tick = 0; tick <= TICKS; tick++) {
      double value = panel.least() + panel.span() * tick / TICKS;
      int y = (int) panel.y(value);
      pen.setColor(new Color(228, 228, 228));
      pen.drawLine(LEFT, y, WIDTH - 20, y);
      long step = Math.round(1 + (steps.size() - 1.0) * tick / TICKS);
      pen.setColor(Color.DARK_GRAY);
      pen.drawString(String.format(Locale.ROOT, form, value), 8, y + 4);
      pen.drawString(
          String.format(Locale.ROOT, "%,d", steps.get((int) step - 1).step()),
          (int) x(step - 1) - 8,
          panel.top() + panel.height() + 16);
    }
    pen.setColor(Color.BLACK);
    pen.drawString(title + " by step", LEFT, panel.top() - 8);
    pen.drawRect(LEFT, panel.top(), WIDTH - 20 - LEFT, panel.height());
  }

  private double x(double index) {
    return LEFT + index / Math.max(1, steps.size() - 1) * (WIDTH - 20 - LEFT);
  }

  private void line(double[] values, Panel panel, Color colour, float width) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < values.length; i++) {
      if (i == 0) {
        path.moveTo(x(i), panel.y(values[i]));
      } else {
        path.lineTo(x(i), panel.y(values[i]));
      }
    }
    pen.setColor(colour);
    pen.setStroke(new BasicStroke(width));
    pen.draw(path);
    pen.setStroke(new BasicStroke(1));
  }

  /** The moving average over a twentieth of the steps. */
  private static double[] smooth(double[] values) {
    int reach = Math.max(1, values.length / 40);
    return IntStream.range(0, values.length)
        .mapToDouble(
            i ->
                IntStream.rangeClosed(
                        Math.max(0, i - reach), Math.min(values.length - 1, i + reach))
                    .mapToDouble(j -> values[j])
                    .average()
                    .orElse(0))
        .toArray();
  }
}
