package dev.assay.scenes.source;

import dev.assay.scenes.world.Caption;
import dev.assay.scenes.world.Description;
import dev.assay.scenes.world.Scene;
import dev.assay.scenes.world.SceneObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Changes one thing: a size, a colour, a shape, the colours of two objects, or their positions. */
final class NearMiss {
  private NearMiss() {}

  /** A scene with one random change; empty if the change gives no valid scene. */
  static Optional<Scene> of(Scene scene, SplittableRandom random) {
    List<SceneObject> objects = new ArrayList<>(scene.objects());
    int i = random.nextInt(objects.size());
    int j = (i + random.nextInt(1, objects.size())) % objects.size();
    SceneObject a = objects.get(i);
    SceneObject b = objects.get(j);
    switch (random.nextInt(5)) {
      case 0 -> objects.set(i, a.looking(other(a.size(), random), a.colour(), a.shape()));
      case 1 -> objects.set(i, a.looking(a.size(), other(a.colour(), random), a.shape()));
      case 2 -> objects.set(i, a.looking(a.size(), a.colour(), other(a.shape(), random)));
      case 3 -> { // swap the colours
        objects.set(i, a.looking(a.size(), b.colour(), a.shape()));
        objects.set(j, b.looking(b.size(), a.colour(), b.shape()));
      }
      default -> { // mirror the scene
        boolean horizontal = random.nextBoolean();
        objects.replaceAll(
            o ->
                horizontal
                    ? o.at(o.row(), Scene.GRID - 1 - o.column())
                    : o.at(Scene.GRID - 1 - o.row(), o.column()));
      }
    }
    try {
      return Optional.of(new Scene(objects));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A caption with one random change; empty if the caption does not mention what would change. */
  static Optional<Caption> of(Caption caption, SplittableRandom random) {
    Description first = caption.first();
    Description second = caption.second();
    boolean pair = caption.relation() != null;
    switch (random.nextInt(5)) {
      case 3 -> {
        return pair
            ? Optional.of(new Caption(second, caption.relation(), first))
            : Optional.empty();
      }
      case 4 -> {
        return pair
            ? Optional.of(new Caption(first, caption.relation().inverse(), second))
            : Optional.empty();
      }
      default -> {
        boolean changesFirst = !pair || random.nextBoolean();
        Optional<Description> changed = of(changesFirst ? first : second, random);
        return changed.map(
            d ->
                new Caption(
                    changesFirst ? d : first, caption.relation(), changesFirst ? second : d));
      }
    }
  }

  private static Optional<Description> of(Description d, SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 ->
          Optional.ofNullable(d.size())
              .map(size -> new Description(other(size, random), d.colour(), d.shape()));
      case 1 ->
          Optional.ofNullable(d.colour())
              .map(colour -> new Description(d.size(), other(colour, random), d.shape()));
      default -> Optional.of(new Description(d.size(), d.colour(), other(d.shape(), random)));
    };
  }

  /** Another constant of the same kind. */
  private static <E extends Enum<E>> E other(E value, SplittableRandom random) {
    E[] all = value.getDeclaringClass().getEnumConstants();
    return all[(value.ordinal() + random.nextInt(1, all.length)) % all.length];
  }
}
