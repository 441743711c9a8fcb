package dev.assay.scenes.world;

/** The position of one object relative to another. Two can hold at once: left of and above. */
public enum Relation {
  LEFT_OF,
  RIGHT_OF,
  ABOVE,
  BELOW;

  /** Whether the relation holds between the first and the second object. */
  public boolean holds(SceneObject first, SceneObject second) {
    return switch (this) {
      case LEFT_OF -> first.column() < second.column();
      case RIGHT_OF -> first.column() > second.column();
      case ABOVE -> first.row() < second.row();
      case BELOW -> first.row() > second.row();
    };
  }

  /** Whether every relation that holds for a and b also holds for a2 and b2. */
  public static boolean allKept(SceneObject a, SceneObject b, SceneObject a2, SceneObject b2) {
    for (Relation relation : values()) {
      if (relation.holds(a, b) && !relation.holds(a2, b2)) {
        return false;
      }
    }
    return true;
  }

  /** The relation of the second object to the first. */
  public Relation inverse() {
    return switch (this) {
      case LEFT_OF -> RIGHT_OF;
      case RIGHT_OF -> LEFT_OF;
      case ABOVE -> BELOW;
      case BELOW -> ABOVE;
    };
  }

  boolean isHorizontal() {
    return this == LEFT_OF || this == RIGHT_OF;
  }

  /** The words in a caption. */
  public String words() {
    return Words.of(this);
  }
}
