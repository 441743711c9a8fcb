package dev.assay.scenes;

/** In what a candidate can differ from what is asked for. */
public enum Attribute {
  SIZE,
  COLOUR,
  SHAPE,
  /** Where objects lie to each other. */
  RELATION,
  /** An object is missing, or is one too many. */
  OBJECT;

  /** The word in reports. */
  public String word() {
    return Words.of(this);
  }
}
