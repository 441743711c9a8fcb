package dev.assay.scenes;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Two or three objects on a grid of {@value #GRID} by {@value #GRID} cells: no two in one cell, and
 * no two that look the same.
 *
 * @param objects in no meaningful order
 */
public record Scene(List<SceneObject> objects) {
  /** Cells in a row and in a column. */
  public static final int GRID = 4;

  public Scene {
    objects = List.copyOf(objects);
    for (int i = 0; i < objects.size(); i++) {
      for (int j = 0; j < i; j++) {
        SceneObject a = objects.get(i);
        SceneObject b = objects.get(j);
        if (a.looksLike(b) || (a.row() == b.row() && a.column() == b.column())) {
          throw new IllegalArgumentException("Cannot place " + a + " beside " + b);
        }
      }
    }
  }

  /** Says everything about the scene, objects in reading order; equal for equal scenes. */
  public String words() {
    return objects.stream()
        .sorted((a, b) -> Integer.compare(cell(a), cell(b)))
        .map(o -> o.words() + " at row " + (o.row() + 1) + " column " + (o.column() + 1))
        .collect(Collectors.joining(", "));
  }

  /**
   * Whether another scene has the same objects, arranged so that every relation that holds here
   * holds there. Objects in one row here may be in different rows there.
   */
  public boolean isMetBy(Scene other) {
    if (objects.size() != other.objects.size()) {
      return false;
    }
    for (SceneObject a : objects) {
      SceneObject a2 = other.like(a);
      if (a2 == null) {
        return false;
      }
      for (SceneObject b : objects) {
        SceneObject b2 = other.like(b);
        if (b2 != null && !Relation.allKept(a, b, a2, b2)) {
          return false;
        }
      }
    }
    return true;
  }

  private SceneObject like(SceneObject wanted) {
    return objects.stream().filter(wanted::looksLike).findFirst().orElse(null);
  }

  private static int cell(SceneObject object) {
    return object.row() * GRID + object.column();
  }
}
