package dev.assay.embed;

import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.item.ItemText;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Part;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The prompt of the embedder: the text as it is, with the image in place of {@code <|image_1|>}. An
 * image without a marker comes first, on a line of its own. A marker without an image is dropped.
 */
public final class EmbedPrompt {
  private EmbedPrompt() {}

  /** The parts of an item's prompt. */
  public static List<Part> of(Item item) {
    String text = item.text() == null ? "" : item.text();
    EncodedImage image = item.image();
    List<Part> parts = new ArrayList<>();
    if (image == null) {
      add(parts, text);
      return parts;
    }
    int marker = text.indexOf(ItemText.IMAGE_MARKER);
    if (marker < 0) {
      parts.add(new Part.Image(image));
      add(parts, "\n" + text);
    } else {
      add(parts, text.substring(0, marker));
      parts.add(new Part.Image(image));
      add(parts, text.substring(marker + ItemText.IMAGE_MARKER.length()));
    }
    return parts;
  }

  /**
   * The tokens of an item.
   *
   * @param grids how each image is cut
   * @throws BadItemException {@code empty_item} if there are none, or the image cannot be used
   */
  public static TokenSequence tokens(
      Item item, PromptEncoder encoder, Function<EncodedImage, Grid> grids) {
    TokenSequence tokens = encoder.plain(of(item), grids);
    if (tokens.length() == 0) {
      throw new BadItemException("empty_item", "nothing is left of the text but markers");
    }
    return tokens;
  }

  private static void add(List<Part> parts, String text) {
    String clean = ItemText.clean(text);
    if (!clean.isEmpty()) {
      parts.add(new Part.Text(clean));
    }
  }
}
