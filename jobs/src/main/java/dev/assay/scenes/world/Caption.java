package dev.assay.scenes.world;

/**
 * A statement about a scene: it has a certain object, or two objects in a certain relation. It is
 * true of many scenes.
 *
 * @param relation null in a caption of one object
 * @param second null in a caption of one object
 */
public record Caption(Description first, Relation relation, Description second) {

  /** Whether the scene has objects of these descriptions in this relation. */
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
