package dev.assay.scenes.world;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change to one thing in a scene, such as "but the circle is green".
 *
 * @param target the object to change; exactly one object of the scene fits
 * @param wanted the new look, with one attribute set; null if the object moves
 * @param relation the new relation to {@code other}; null if the object does not move
 * @param other null if the object does not move
 */
public record Change(Description target, Description wanted, Relation relation, Description other) {

  /** The changed scene; empty if the change gives no valid scene, or the same one. */
  public Optional<Scene> applyTo(Scene scene) {
    SceneObject before = only(target, scene);
    Optional<Scene> changed =
        relation == null
            ? replace(scene, Map.of(before, looking(before)))
            : replace(scene, swapped(before, only(other, scene)));
    return changed
        .filter(result -> !scene.isMetBy(result))
        .filter(result -> relation == null || holds(result));
  }

  private SceneObject looking(SceneObject object) {
    return object.looking(
        wanted.size() == null ? object.size() : wanted.size(),
        wanted.colour() == null ? object.colour() : wanted.colour(),
        wanted.shape() == null ? object.shape() : wanted.shape());
  }

  /** Both objects with their columns or rows swapped. */
  private Map<SceneObject, SceneObject> swapped(SceneObject a, SceneObject b) {
    return relation.isHorizontal()
        ? Map.of(a, a.at(a.row(), b.column()), b, b.at(b.row(), a.column()))
        : Map.of(a, a.at(b.row(), a.column()), b, b.at(a.row(), b.column()));
  }

  private boolean holds(Scene scene) {
    return relation.holds(only(target, scene), only(other, scene));
  }

  private static Optional<Scene> replace(Scene scene, Map<SceneObject, SceneObject> replaced) {
    List<SceneObject> objects =
        scene.objects().stream().map(o -> replaced.getOrDefault(o, o)).toList();
    try {
      return Optional.of(new Scene(objects));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static SceneObject only(Description description, Scene scene) {
    List<SceneObject> fitting = scene.objects().stream().filter(description::fits).toList();
    if (fitting.size() != 1) {
      throw new IllegalArgumentException(
          "Cannot change the " + description.words() + ": there are " + fitting.size());
    }
    return fitting.get(0);
  }

  /** Such as "but the circle is green", "but the circle is left of the square". */
  public String words() {
    String words = "but the " + target.words() + " is ";
    if (relation != null) {
      return words + relation.words() + " the " + other.words();
    }
    return words + (wanted.shape() == null ? "" : "a ") + wanted.words();
  }
}
