package dev.assay.scenes.recipe;

/** Receives the progress of training. */
public interface StepListener {
  /**
   * Called after each step.
   *
   * @param step 1 for the first
   * @param loss mean over the step's examples
   * @param rate the learning rate of the step
   */
  void step(String stage, long step, long steps, double loss, double rate);
}
