package dev.assay.train;

import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.PromptEncoder;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;

/**
 * Turns an example into what a model is shown and should say.
 *
 * @param <E> an example
 */
@FunctionalInterface
public interface RowMaker<E> extends Serializable {
  /**
   * The rows of an example; its loss is the sum of theirs. A function of its arguments alone.
   *
   * @param encoder of the checkpoint that is trained
   * @param grids how each image is cut
   * @param seed of what is left to chance, such as the positive's place in a list
   * @throws dev.assay.item.BadItemException if an item cannot be used
   */
  List<LabelledRow> rows(
      E example, PromptEncoder encoder, Function<EncodedImage, Grid> grids, long seed);
}
