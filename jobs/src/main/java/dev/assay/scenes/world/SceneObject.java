package dev.assay.scenes.world;

/**
 * One object of a scene.
 *
 * @param row of the grid, from the top, 0-based
 * @param column of the grid, from the left, 0-based
 */
public record SceneObject(Size size, Colour colour, Shape shape, int row, int column) {

  /** An object of another look in the same cell. */
  public SceneObject looking(Size size, Colour colour, Shape shape) {
    return new SceneObject(size, colour, shape, row, column);
  }

  /** The same object in another cell. */
  public SceneObject at(int row, int column) {
    return new SceneObject(size, colour, shape, row, column);
  }

  /** Whether both look the same, in whatever cell. */
  public boolean looksLike(SceneObject other) {
    return size == other.size && colour == other.colour && shape == other.shape;
  }

  /** Such as "large red circle". */
  public String words() {
    return size.word() + " " + colour.word() + " " + shape.word();
  }
}
