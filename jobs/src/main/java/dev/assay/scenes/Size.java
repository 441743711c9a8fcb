package dev.assay.scenes;

/** How large an object is drawn. */
public enum Size {
  SMALL(7),
  LARGE(12);

  /** Half the object's extent, in pixels. */
  final int radius;

  Size(int radius) {
    this.radius = radius;
  }

  /** The word in a caption. */
  public String word() {
    return Words.of(this);
  }
}
