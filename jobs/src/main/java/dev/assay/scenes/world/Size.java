package dev.assay.scenes.world;

/** The size of an object. */
public enum Size {
  SMALL(7),
  LARGE(12);

  /** Half of the object's width and height, in pixels. */
  final int radius;

  Size(int radius) {
    this.radius = radius;
  }

  /** The word in a caption. */
  public String word() {
    return Words.of(this);
  }
}
