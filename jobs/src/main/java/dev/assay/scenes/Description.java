package dev.assay.scenes;

import java.util.StringJoiner;

/**
 * What a caption says of one object.
 *
 * @param size null where it is left open
 * @param colour null where it is left open
 * @param shape null where it is left open
 */
public record Description(Size size, Colour colour, Shape shape) {

  /** Whether an object is as described. */
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
