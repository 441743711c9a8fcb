package dev.assay.scenes;

import java.util.List;
import java.util.Optional;

/**
 * A wish to see a scene with one thing changed, such as "but the circle is green".
 *
 * @param target which object; exactly one of the scene fits
 * @param wanted what it shall be instead: one attribute is set, or none where it shall move
 * @param relation how it shall lie instead to {@code other}; null where it shall not move
 * @param other null where it shall not move
 */
public record Change(Description target, Description wanted, Relation relation, Description other) {

  /** The scene as it is wished for; empty where the change makes no scene or the same one. */
  public Optional<Scene> applyTo(Scene scene) {
    SceneObject before = only(target, scene);
    SceneObject after;
    Scene rest = scene;
    if (relation == null) {
      after =
          before.looking(
              wanted.size() == null ? before.size() : wanted.size(),
              wanted.colour() == null ? before.colour() : wanted.colour(),
              wanted.shape() == null ? before.shape() : wanted.shape());
    } else {
      SceneObject partner = only(other, scene);
      boolean horizontal = relation.isHorizontal();
      after =
          horizontal
              ? before.at(before.row(), partner.column())
              : before.at(partner.row(), before.column());
      SceneObject moved =
          horizontal
              ? partner.at(partner.row(), before.column())
              : partner.at(before.row(), partner.column());
      rest = replace(scene, partner, moved).orElse(scene);
    }
    Optional<Scene> result =
        rest.objects().contains(before) ? replace(rest, before, after) : Optional.empty();
    return result
        .filter(changed -> !scene.isMetBy(changed))
        .filter(changed -> relation == null || relation.holds(after, only(other, changed)));
  }

  private static Optional<Scene> replace(Scene scene, SceneObject before, SceneObject after) {
    List<SceneObject> objects =
        scene.objects().stream().map(o -> o.equals(before) ? after : o).toList();
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
