package dev.assay.scenes;

/**
 * One object of a scene.
 *
 * @param row of the grid, 0 the topmost
 * @param column of the grid, 0 the leftmost
 */
public record SceneObject(Size size, Colour colour, Shape shape, int row, int column) {

  /** The same object looking like another one. */
  SceneObject looking(Size size, Colour colour, Shape shape) {
    return new SceneObject(size, colour, shape, row, column);
  }

  /** The same object elsewhere. */
  SceneObject at(int row, int column) {
    return new SceneObject(size, colour, shape, row, column);
  }

  /** Whether both look the same, wherever they are. */
  public boolean looksLike(SceneObject other) {
    return size == other.size && colour == other.colour && shape == other.shape;
  }

  /** Such as "large red circle". */
  public String words() {
    return size.word() + " " + colour.word() + " " + shape.word();
  }
}
