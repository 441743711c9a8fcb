package dev.assay.prompt;

import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.item.ItemText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One piece of a prompt. The model reads the pieces in order. */
public sealed interface Part {
  /** An item for a model that answers: its image, then its {@link ItemText}. */
  static List<Part> of(Item item) {
    List<Part> parts = new ArrayList<>();
    if (item.image() != null) {
      parts.add(new Image(item.image()));
    }
    String text = ItemText.clean(item.text());
    if (!text.isEmpty()) {
      parts.add(new Text(text));
    }
    return parts;
  }

  /** A text, taken literally: neither template syntax nor control tokens in it have a meaning. */
  record Text(String text) implements Part {
    public Text {
      Objects.requireNonNull(text, "text");
    }
  }

  /** An image, at the place of its tokens. */
  record Image(EncodedImage image) implements Part {
    public Image {
      Objects.requireNonNull(image, "image");
    }
  }
}
