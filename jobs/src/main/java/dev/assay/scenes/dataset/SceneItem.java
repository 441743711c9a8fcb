package dev.assay.scenes.dataset;

import dev.assay.scenes.world.Attribute;
import dev.assay.scenes.world.Caption;
import dev.assay.scenes.world.Change;
import dev.assay.scenes.world.Difference;
import dev.assay.scenes.world.Scene;
import java.util.Set;

/**
 * A query or a candidate, and what it means.
 *
 * @param scene the content of its image; null for a caption
 * @param caption the meaning of its text; null for an image
 * @param change the change that a query asks for; null for everything else
 */
public record SceneItem(String id, Task task, Scene scene, Caption caption, Change change) {

  static SceneItem image(String id, Task task, Scene scene) {
    return new SceneItem(id, task, scene, null, null);
  }

  static SceneItem text(String id, Task task, Caption caption) {
    return new SceneItem(id, task, null, caption, null);
  }

  static SceneItem changed(String id, Task task, Scene scene, Change change) {
    return new SceneItem(id, task, scene, null, change);
  }

  SceneItem named(String id) {
    return new SceneItem(id, task, scene, caption, change);
  }

  /** The scene that a query for a change asks for. */
  Scene wanted() {
    return change.applyTo(scene).orElseThrow();
  }

  /** The text as it is written to files; null if there is none. */
  public String text() {
    if (caption != null) {
      return caption.words();
    }
    return change == null ? null : change.words();
  }

  /** For people: the text, a description of the image, or both. */
  public String words() {
    String shown = scene == null ? "" : "[" + scene.words() + "]";
    return text() == null ? shown : (shown + " " + text()).strip();
  }

  /**
   * The fewest attributes of a candidate that would have to change so that it meets this query.
   * Empty if it meets the query.
   *
   * @throws IllegalArgumentException for a candidate of another task
   */
  public Set<Attribute> missing(SceneItem candidate) {
    if (candidate.task != task) {
      throw new IllegalArgumentException("Cannot compare " + id + " to " + candidate.id);
    }
    return switch (task) {
      case TEXT_TO_IMAGE -> Difference.of(caption, candidate.scene);
      case IMAGE_TO_TEXT -> Difference.of(candidate.caption, scene);
      case CHANGED_IMAGE -> Difference.of(wanted(), candidate.scene);
    };
  }
}
