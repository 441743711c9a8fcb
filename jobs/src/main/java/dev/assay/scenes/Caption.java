package dev.assay.scenes;

/**
 * A statement about a scene: that there is an object, or that one lies so to another. It is true of
 * many scenes.
 *
 * @param relation null in a caption of one object
 * @param second null in a caption of one object
 */
public record Caption(Description first, Relation relation, Description second) {

  /** Whether the scene has objects as described, lying as described. */
  public boolean isTrueOf(Scene scene) {
    for (SceneObject a : scene.objects()) {
      if (!first.fits(a)) {
        continue;
      }
      if (relation == null) {
        return true;
      }
      for (SceneObject b : scene.objects()) {
        if (!b.equals(a) && second.fits(b) && relation.holds(a, b)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Such as "a large red circle left of a small blue square". */
  public String words() {
    String words = "a " + first.words();
    return relation == null ? words : words + " " + relation.words() + " a " + second.words();
  }
}
