package dev.assay.train;

import dev.assay.embed.EmbedPrompt;
import dev.assay.item.Item;
import dev.assay.model.tokens.TrainingSequence;
import java.util.HashMap;
import java.util.Map;

/** The tokens of the items of a step. Each distinct item is tokenized once. */
final class ItemRows {
  private final TrainedCheckpoint checkpoint;
  private final Map<Item, TrainingSequence> known = new HashMap<>();

  ItemRows(TrainedCheckpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /**
   * The tokens of an item.
   *
   * @throws dev.assay.item.BadItemException if there are none, or its image cannot be used
   */
  TrainingSequence of(Item item) {
    return known.computeIfAbsent(item, this::encode);
  }

  /** The number of tokens of an example's distinct items. */
  int tokens(ContrastiveExample example) {
    return example.items().stream().distinct().mapToInt(item -> of(item).length()).sum();
  }

  private TrainingSequence encode(Item item) {
    return TrainingSequence.of(
        EmbedPrompt.tokens(item, checkpoint.encoder(), checkpoint.images()::grid));
  }
}
