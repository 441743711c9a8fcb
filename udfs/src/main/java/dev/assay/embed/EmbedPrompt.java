package dev.assay.embed;

import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.item.ItemText;
import dev.assay.prompt.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * What the embedder reads: the text as it is, the image where {@code <|image_1|>} stands. An image
 * without a marker stands in front, on a line of its own; a marker without an image is dropped.
 */
public final class EmbedPrompt {
  private static final String MARKER = "<|image_1|>";

  private EmbedPrompt() {}

  /** What an item becomes. */
  public static List<Part> of(Item item) {
    String text = item.text() == null ? "" : item.text();
    EncodedImage image = item.image();
    List<Part> parts = new ArrayList<>();
    if (image == null) {
      add(parts, text);
      return parts;
    }
    int marker = text.indexOf(MARKER);
    if (marker < 0) {
      parts.add(new Part.Image(image));
      add(parts, "\n" + text);
    } else {
      add(parts, text.substring(0, marker));
      parts.add(new Part.Image(image));
      add(parts, text.substring(marker + MARKER.length()));
    }
    return parts;
  }

  private static void add(List<Part> parts, String text) {
    String clean = ItemText.clean(text);
    if (!clean.isEmpty()) {
      parts.add(new Part.Text(clean));
    }
  }
}
