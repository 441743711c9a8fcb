package dev.assay.scenes.recipe;

import dev.assay.model.training.Parameter;
import dev.assay.train.Gradients;
import dev.assay.train.Replica;
import dev.assay.train.optimizer.AdamW;
import dev.assay.train.optimizer.Norm;
import dev.assay.train.optimizer.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/**
 * One stage of training, in this process. The next batch is drawn while a step is computed.
 *
 * @param <E> an example
 * @param batch gives the examples of a step
 */
record Stage<E>(
    String name, Schedule schedule, LongFunction<List<E>> batch, StepListener listener) {
  private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.98, 1e-8, 0.01);
  private static final double CLIP = 1;

  /** Runs all steps and returns the final values. */
  float[][] run(Replica<E> replica) {
    List<Parameter> parameters = replica.parameters();
    float[][] values = replica.initialValues();
    AdamW adam = new AdamW(ADAM, parameters);
    CompletableFuture<List<E>> next = draw(0);
    for (long step = 0; step < schedule.steps(); step++) {
      List<E> examples = next.join();
      next = draw(step + 1);
      Gradients sum = replica.gradients(values, examples, step);
      float[][] mean = sum.values();
      Norm.multiply(mean, 1f / examples.size());
      Norm.clip(mean, CLIP);
      adam.step(values, mean, schedule.rate(step));
      double loss = sum.loss() / examples.size();
      listener.step(name, step + 1, schedule.steps(), loss, schedule.rate(step));
    }
    return values;
  }

  private CompletableFuture<List<E>> draw(long step) {
    return step < schedule.steps()
        ? CompletableFuture.supplyAsync(() -> batch.apply(step))
        : CompletableFuture.completedFuture(new ArrayList<>());
  }
}
