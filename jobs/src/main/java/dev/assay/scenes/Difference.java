package dev.assay.scenes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** In what a scene differs from what is asked for, seen in the most favourable way. */
final class Difference {
  private Difference() {}

  /** What keeps a caption from being true of a scene; empty where it is true. */
  static Set<Attribute> of(Caption caption, Scene scene) {
    List<Set<Attribute>> ways = new ArrayList<>();
    for (SceneObject a : scene.objects()) {
      if (caption.relation() == null) {
        ways.add(of(caption.first(), a));
        continue;
      }
      for (SceneObject b : scene.objects()) {
        if (!a.equals(b)) {
          Set<Attribute> way = of(caption.first(), a);
          way.addAll(of(caption.second(), b));
          if (!caption.relation().holds(a, b)) {
            way.add(Attribute.RELATION);
          }
          ways.add(way);
        }
      }
    }
    return fewest(ways);
  }

  private static Set<Attribute> of(Description wanted, SceneObject object) {
    return of(
        wanted.size() != null && wanted.size() != object.size(),
        wanted.colour() != null && wanted.colour() != object.colour(),
        wanted.shape() != null && wanted.shape() != object.shape());
  }

  /** What keeps a scene from meeting a wanted one ({@link Scene#isMetBy}). */
  static Set<Attribute> of(Scene wanted, Scene scene) {
    List<SceneObject> from = wanted.objects();
    List<Set<Attribute>> ways = new ArrayList<>();
    for (List<SceneObject> to : orders(scene.objects())) {
      Set<Attribute> way = EnumSet.noneOf(Attribute.class);
      if (from.size() != to.size()) {
        way.add(Attribute.OBJECT);
      }
      int both = Math.min(from.size(), to.size());
      for (int i = 0; i < both; i++) {
        way.addAll(of(from.get(i), to.get(i)));
        for (int j = 0; j < both; j++) {
          if (!Relation.allKept(from.get(i), from.get(j), to.get(i), to.get(j))) {
            way.add(Attribute.RELATION);
          }
        }
      }
      ways.add(way);
    }
    return fewest(ways);
  }

  private static Set<Attribute> of(SceneObject a, SceneObject b) {
    return of(a.size() != b.size(), a.colour() != b.colour(), a.shape() != b.shape());
  }

  private static Set<Attribute> of(boolean size, boolean colour, boolean shape) {
    Set<Attribute> attributes = EnumSet.noneOf(Attribute.class);
    if (size) {
      attributes.add(Attribute.SIZE);
    }
    if (colour) {
      attributes.add(Attribute.COLOUR);
    }
    if (shape) {
      attributes.add(Attribute.SHAPE);
    }
    return attributes;
  }

  private static Set<Attribute> fewest(List<Set<Attribute>> ways) {
    return Collections.min(ways, Comparator.comparingInt(Set::size));
  }

  /** All orders of a list of up to three. */
  private static List<List<SceneObject>> orders(List<SceneObject> objects) {
    if (objects.size() <= 1) {
      return List.of(objects);
    }
    List<List<SceneObject>> orders = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      List<SceneObject> rest = new ArrayList<>(objects);
      SceneObject first = rest.remove(i);
      for (List<SceneObject> order : orders(rest)) {
        List<SceneObject> whole = new ArrayList<>(List.of(first));
        whole.addAll(order);
        orders.add(whole);
      }
    }
    return orders;
  }
}
