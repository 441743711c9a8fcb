package dev.assay.train;

import dev.assay.embed.EmbedPrompt;
import dev.assay.item.BadItemException;
import dev.assay.item.Item;
import dev.assay.model.TrainingSequence;
import dev.assay.prompt.TokenSequence;
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
   * @throws BadItemException if there are none, or its image cannot be used
   */
  TrainingSequence of(Item item) {
    return known.computeIfAbsent(item, this::encode);
  }

  /** The number of tokens of an example's distinct items. */
  int tokens(ContrastiveExample example) {
    return example.items().stream().distinct().mapToInt(item -> of(item).length()).sum();
  }

  private TrainingSequence encode(Item item) {
    TokenSequence tokens =
        checkpoint.encoder().plain(EmbedPrompt.of(item), checkpoint.images()::grid);
    if (tokens.length() == 0) {
      throw new BadItemException("empty_item", "nothing is left of the text but markers");
    }
    return TrainingSequence.of(tokens);
  }
}
