package dev.assay.embed;

import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.prompt.Grid;
import dev.assay.prompt.PromptEncoder;
import java.util.List;

/**
 * Counts the tokens of items in place of embedding them: vectors of one number. It needs no
 * weights.
 *
 * @param encoder closed with this
 */
public record ItemTokens(PromptEncoder encoder) implements ItemEncoder {
  @Override
  public float[][] encode(List<Item> items) {
    return items.stream().map(item -> new float[] {count(item)}).toArray(float[][]::new);
  }

  private int count(Item item) {
    return EmbedPrompt.tokens(item, encoder, this::grid).length();
  }

  private Grid grid(EncodedImage image) {
    return encoder.patches(image).grid();
  }

  @Override
  public void prepare(Item item) {
    count(item);
  }

  @Override
  public String fingerprint() {
    return "";
  }

  @Override
  public void close() {
    encoder.close();
  }
}
