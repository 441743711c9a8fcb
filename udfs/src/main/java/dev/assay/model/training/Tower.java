package dev.assay.model.training;

import java.util.Locale;
import java.util.function.Predicate;

/** A model's two stacks of layers, and which trained tensors a layer has. */
enum Tower {
  /** The first layer cuts patches, and the last one merges them. */
  VISION("visual.patch_embed.", "visual.blocks.", "visual.merger."),
  /** The last layer is the norm. */
  DECODER(null, "model.layers.", "model.norm.");

  private final String first;
  private final String between;
  private final String last;

  Tower(String first, String between, String last) {
    this.first = first;
    this.between = between;
    this.last = last;
  }

  /** The names of the tensors of all layers. */
  Predicate<String> tensors() {
    return name ->
        name.startsWith(between)
            || name.startsWith(last)
            || first != null && name.startsWith(first);
  }

  /**
   * The names of the tensors of one layer.
   *
   * @param layer 0 for the first
   * @param layers how many there are
   */
  Predicate<String> tensors(int layer, int layers) {
    int block = first == null ? layer : layer - 1;
    String prefix = layer == layers - 1 ? last : block < 0 ? first : between + block + '.';
    return name -> name.startsWith(prefix);
  }

  /** The tower's name in seeds. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
