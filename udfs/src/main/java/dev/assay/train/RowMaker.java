package dev.assay.train;

import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.PromptEncoder;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;

/**
 * Turns an example into sequences and the tokens to predict in them.
 *
 * @param <E> an example
 */
@FunctionalInterface
public interface RowMaker<E> extends Serializable {
  /**
   * The rows of an example, whose loss is the sum of theirs. The result depends on the arguments
   * alone.
   *
   * @param encoder the prompt encoder of the trained checkpoint
   * @param grids how each image is cut into patches
   * @param seed of everything random, such as the positive's place in a list
   * @throws dev.assay.item.BadItemException if an item cannot be used
   */
  List<LabelledRow> rows(
      E example, PromptEncoder encoder, Function<EncodedImage, Grid> grids, long seed);
}
