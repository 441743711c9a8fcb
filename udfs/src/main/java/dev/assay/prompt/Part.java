package dev.assay.prompt;

import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.item.ItemText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One piece of a prompt, in the order in which the model reads them. */
public sealed interface Part {
  /** An item as it is shown to a model that answers: its image, then its {@link ItemText}. */
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

  /** Words, taken literally: template syntax in them means nothing. */
  record Text(String text) implements Part {
    public Text {
      Objects.requireNonNull(text, "text");
    }
  }

  /** An image, standing where its tokens will stand. */
  record Image(EncodedImage image) implements Part {
    public Image {
      Objects.requireNonNull(image, "image");
    }
  }
}
