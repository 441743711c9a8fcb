package dev.assay.job.train.run;

import dev.assay.job.train.step.BatchGradients;
import dev.assay.model.training.Parameter;
import dev.assay.model.training.Piece;
import dev.assay.train.Gradients;
import dev.assay.train.optimizer.AdamW;
import dev.assay.train.optimizer.Norm;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Parameters that the driver holds and sends to the executors in each step: those of adapters. */
public final class OnDriver<R> implements Optimization<R> {
  private final List<Parameter> parameters;
  private final AdamW.Settings settings;
  private final BatchGradients<R> gradients;
  private final Configuration hadoop;
  private float[][] values;
  private AdamW optimizer;
  private Gradients sum;

  /**
   * @param values of the parameters; changed by each step
   * @param state of the optimizer; changed too
   */
  public OnDriver(
      List<Parameter> parameters,
      AdamW.Settings settings,
      BatchGradients<R> gradients,
      Configuration hadoop,
      float[][] values,
      AdamW.State state) {
    this.parameters = parameters;
    this.settings = settings;
    this.gradients = gradients;
    this.hadoop = hadoop;
    this.values = values;
    this.optimizer = new AdamW(settings, state);
  }

  @Override
  public Measured gradients(List<R> batch, long step) {
    sum = gradients.of(values, batch, step);
    Norm.multiply(sum.values(), 1f / sum.examples());
    return new Measured(sum.loss(), sum.examples(), Norm.of(sum.values()));
  }

  @Override
  public void take(float factor, double rate) {
    if (factor != 1) {
      Norm.multiply(sum.values(), factor);
    }
    optimizer.step(values, sum.values(), rate);
    sum = null;
  }

  @Override
  public List<R> notFinite(List<R> batch, long step) {
    return gradients.notFinite(values, batch, step);
  }

  @Override
  public void save(Path checkpoint) {
    StateFiles.write(
        new Path(checkpoint, StateFiles.SINGLE),
        hadoop,
        parameters,
        Piece.whole(parameters),
        values,
        optimizer.state());
  }

  @Override
  public void restore(Path checkpoint, long steps) {
    StateFiles files = StateFiles.open(checkpoint, hadoop);
    values = files.values(parameters);
    optimizer = new AdamW(settings, files.optimizer(parameters, steps));
  }

  /** The values of all parameters; they change with the next step. */
  public float[][] values() {
    return values;
  }

  /** The state of the optimizer; its arrays change with the next step. */
  public AdamW.State state() {
    return optimizer.state();
  }
}
