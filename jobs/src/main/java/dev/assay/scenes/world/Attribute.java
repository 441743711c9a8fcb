package dev.assay.scenes.world;

/** The ways in which a candidate can differ from what a query asks for. */
public enum Attribute {
  SIZE,
  COLOUR,
  SHAPE,
  /** The positions of objects relative to each other. */
  RELATION,
  /** An object is missing, or there is one too many. */
  OBJECT;

  /** The word in reports. */
  public String word() {
    return Words.of(this);
  }
}
