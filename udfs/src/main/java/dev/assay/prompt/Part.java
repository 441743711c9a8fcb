package dev.assay.prompt;

import dev.assay.image.EncodedImage;
import java.util.Objects;

/** One piece of a prompt, in the order in which the model reads them. */
public sealed interface Part {
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
