package dev.assay.scenes.world;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Two or three objects on a grid of {@value #GRID} by {@value #GRID} cells. No two objects share a
 * cell, and no two look the same.
 *
 * @param objects their order means nothing
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

  /** Everything about the scene, with objects in reading order. Equal scenes have equal words. */
  public String words() {
    return objects.stream()
        .sorted((a, b) -> Integer.compare(cell(a), cell(b)))
        .map(o -> o.words() + " at row " + (o.row() + 1) + " column " + (o.column() + 1))
        .collect(Collectors.joining(", "));
  }

  /**
   * Whether another scene has the same objects, and every relation that holds here also holds
   * there. Objects that share a row here may be in different rows there.
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
