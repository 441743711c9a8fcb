package dev.assay.scenes.recipe;

/** Is told of each step. */
public interface Watch {
  /**
   * A step was taken.
   *
   * @param step 1 for the first
   * @param loss mean over the step's examples
   * @param rate the learning rate it was taken with
   */
  void step(String stage, long step, long steps, double loss, double rate);
}
