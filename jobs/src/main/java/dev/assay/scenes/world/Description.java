package dev.assay.scenes.world;

import java.util.StringJoiner;

/**
 * What a caption says about one object.
 *
 * @param size null if the caption does not say it
 * @param colour null if the caption does not say it
 * @param shape null if the caption does not say it
 */
public record Description(Size size, Colour colour, Shape shape) {

  /** Whether an object has this description. */
  public boolean fits(SceneObject object) {
    return (size == null || size == object.size())
        && (colour == null || colour == object.colour())
        && (shape == null || shape == object.shape());
  }

  /** Such as "large red circle". */
  public String words() {
    StringJoiner words = new StringJoiner(" ");
    if (size != null) {
      words.add(size.word());
    }
    if (colour != null) {
      words.add(colour.word());
    }
    if (shape != null) {
      words.add(shape.word());
    }
    return words.toString();
  }
}
