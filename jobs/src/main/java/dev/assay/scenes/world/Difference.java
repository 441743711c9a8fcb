package dev.assay.scenes.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The attributes in which a scene differs from what a query asks for. Objects are matched so that
 * the fewest attributes differ.
 */
public final class Difference {
  private Difference() {}

  /** The attributes that make a caption false for a scene; empty if it is true. */
  public static Set<Attribute> of(Caption caption, Scene scene) {
    List<Set<Attribute>> matches = new ArrayList<>();
    for (SceneObject a : scene.objects()) {
      if (caption.relation() == null) {
        matches.add(of(caption.first(), a));
        continue;
      }
      for (SceneObject b : scene.objects()) {
        if (!a.equals(b)) {
          Set<Attribute> match = of(caption.first(), a);
          match.addAll(of(caption.second(), b));
          if (!caption.relation().holds(a, b)) {
            match.add(Attribute.RELATION);
          }
          matches.add(match);
        }
      }
    }
    return fewest(matches);
  }

  private static Set<Attribute> of(Description wanted, SceneObject object) {
    return of(
        wanted.size() != null && wanted.size() != object.size(),
        wanted.colour() != null && wanted.colour() != object.colour(),
        wanted.shape() != null && wanted.shape() != object.shape());
  }

  /** The attributes that keep a scene from meeting a wanted one ({@link Scene#isMetBy}). */
  public static Set<Attribute> of(Scene wanted, Scene scene) {
    List<SceneObject> from = wanted.objects();
    List<Set<Attribute>> matches = new ArrayList<>();
    for (List<SceneObject> to : orders(scene.objects())) {
      Set<Attribute> match = EnumSet.noneOf(Attribute.class);
      if (from.size() != to.size()) {
        match.add(Attribute.OBJECT);
      }
      int both = Math.min(from.size(), to.size());
      for (int i = 0; i < both; i++) {
        match.addAll(of(from.get(i), to.get(i)));
        for (int j = 0; j < both; j++) {
          if (!Relation.allKept(from.get(i), from.get(j), to.get(i), to.get(j))) {
            match.add(Attribute.RELATION);
          }
        }
      }
      matches.add(match);
    }
    return fewest(matches);
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

  private static Set<Attribute> fewest(List<Set<Attribute>> matches) {
    return Collections.min(matches, Comparator.comparingInt(Set::size));
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
