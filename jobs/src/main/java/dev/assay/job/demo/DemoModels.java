package dev.assay.job.demo;

import dev.assay.scenes.recipe.ModelRecipe;
import dev.assay.scenes.recipe.StepListener;
import dev.assay.udf.compute.EngineThreads;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** The demo's two models: those of the distribution, or newly trained ones. */
public final class DemoModels {
  private static final int STEPS_A_LINE = 50;

  private final String folder;

  private DemoModels(String folder) {
    this.folder = folder;
  }

  /** The models that come with Assay. */
  public static DemoModels ofDistribution(String home) {
    return new DemoModels(Path.of(home, "models").toString());
  }

  /** The models that {@link #make} trains, in the folder {@code models-made} of a workspace. */
  public static DemoModels ofWorkspace(String workspace) {
    return new DemoModels(new org.apache.hadoop.fs.Path(workspace, "models-made").toString());
  }

  public String judge() {
    return folder + "/scenes-judge";
  }

  public String embedder() {
    return folder + "/scenes-embedder";
  }

  /**
   * Trains the models, unless they are there. The stages that an earlier run finished are not
   * repeated.
   *
   * @param like the models with the configuration and tokenizer to use
   * @param out takes a line every {@value #STEPS_A_LINE} steps
   */
  public void make(DemoModels like, PrintStream out) {
    EngineThreads.limit();
    ModelRecipe recipe = new ModelRecipe(ModelRecipe.Steps.usual(), new Lines(out));
    String work = folder + "/stages";
    recipe.judge(like.judge(), judge(), work);
    recipe.embedder(embedder(), work);
    out.println("models: " + judge() + " and " + embedder());
  }

  private static final class Lines implements StepListener {
    private final PrintStream out;
    private String stage = "";
    private long start;
    private double sum;

    Lines(PrintStream out) {
      this.out = out;
    }

    @Override
    public void step(String name, long step, long steps, double loss, double rate) {
      if (!name.equals(stage)) {
        stage = name;
        start = System.nanoTime();
        sum = 0;
      }
      sum += loss;
      if (step % STEPS_A_LINE == 0 || step == steps) {
        long counted = step % STEPS_A_LINE == 0 ? STEPS_A_LINE : step % STEPS_A_LINE;
        Duration left = Duration.ofNanos((System.nanoTime() - start) / step * (steps - step));
        out.printf(
            Locale.ROOT,
            "models: %s, step %,d of %,d, loss %.3f, rate %.1e, %d min left%n",
            name,
            step,
            steps,
            sum / counted,
            rate,
            (left.toSeconds() + 30) / 60);
        sum = 0;
      }
    }
  }
}
