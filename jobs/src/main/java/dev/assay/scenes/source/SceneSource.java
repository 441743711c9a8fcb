package dev.assay.scenes.source;

import dev.assay.scenes.world.Caption;
import dev.assay.scenes.world.Change;
import dev.assay.scenes.world.Colour;
import dev.assay.scenes.world.Description;
import dev.assay.scenes.world.Relation;
import dev.assay.scenes.world.Scene;
import dev.assay.scenes.world.SceneObject;
import dev.assay.scenes.world.Shape;
import dev.assay.scenes.world.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Random scenes, captions and changes. The same seed gives the same ones. */
public final class SceneSource {
  private static final double SAYS_SIZE = 0.5;
  private static final double SAYS_COLOUR = 0.85;
  private static final double SAYS_ONE_OBJECT = 0.12;
  private static final int TRIES = 200;
  private static final Description ANYTHING = new Description(null, null, null);

  private final Split split;
  private final SplittableRandom random;

  /**
   * @param split the scenes to choose from
   * @param seed of everything that this source gives
   */
  public SceneSource(Split split, long seed) {
    this(split, new SplittableRandom(seed));
  }

  public SceneSource(Split split, SplittableRandom random) {
    this.split = split;
    this.random = random;
  }

  /** A scene of two or three objects. */
  public Scene scene() {
    return scene(random.nextInt(2, 4));
  }

  /** A scene with a number of objects. */
  public Scene scene(int objects) {
    return until(() -> candidate(objects));
  }

  private Optional<Scene> candidate(int count) {
    List<SceneObject> objects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      objects.add(object(ANYTHING));
    }
    return scene(objects);
  }

  private SceneObject object(Description description) {
    return new SceneObject(
        description.size() == null ? pick(Size.values()) : description.size(),
        description.colour() == null ? pick(Colour.values()) : description.colour(),
        description.shape() == null ? pick(Shape.values()) : description.shape(),
        random.nextInt(Scene.GRID),
        random.nextInt(Scene.GRID));
  }

  /** A scene of these objects, if it is valid and belongs to the split. */
  private Optional<Scene> scene(List<SceneObject> objects) {
    try {
      return Optional.of(new Scene(objects)).filter(split::contains);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A caption that is true of a scene, about one of its objects or two. */
  public Caption captionOf(Scene scene) {
    SceneObject a = pick(scene.objects());
    if (random.nextDouble() < SAYS_ONE_OBJECT) {
      return new Caption(describe(a), null, null);
    }
    SceneObject b = until(() -> Optional.of(pick(scene.objects())).filter(o -> !o.equals(a)));
    Relation relation =
        until(() -> Optional.of(pick(Relation.values())).filter(r -> r.holds(a, b)));
    return new Caption(describe(a), relation, describe(b));
  }

  private Description describe(SceneObject object) {
    return new Description(
        random.nextDouble() < SAYS_SIZE ? object.size() : null,
        random.nextDouble() < SAYS_COLOUR ? object.colour() : null,
        object.shape());
  }

  /** A scene of which a caption is true, with two or three objects. */
  public Scene sceneOf(Caption caption) {
    return until(
        () -> {
          List<SceneObject> objects = new ArrayList<>(List.of(object(caption.first())));
          if (caption.relation() != null) {
            objects.add(object(caption.second()));
          }
          int count = random.nextInt(2, 4);
          while (objects.size() < count) {
            objects.add(object(ANYTHING));
          }
          return scene(objects).filter(caption::isTrueOf);
        });
  }

  /**
   * A scene with a change to it.
   *
   * @param scene of two objects
   * @param wanted the changed scene, of the same split
   */
  public record Wish(Scene scene, Change change, Scene wanted) {}

  /** A scene and a change that can be made to it. */
  public Wish wish() {
    return until(
        () -> {
          Scene scene = scene(2); // for a few no change stays in the split: then try another
          return attempt(
              () -> {
                Change change = anyChange(scene);
                Optional<Scene> wanted = change.applyTo(scene).filter(split::contains);
                return wanted.map(w -> new Wish(scene, change, w));
              });
        });
  }

  private Change anyChange(Scene scene) {
    SceneObject object = pick(scene.objects());
    Description target = shortest(object, scene);
    Description wanted =
        switch (random.nextInt(4)) {
          case 0 -> new Description(pick(Size.values()), null, null);
          case 1 -> new Description(null, pick(Colour.values()), null);
          case 2 -> new Description(null, null, pick(Shape.values()));
          default -> null;
        };
    if (wanted != null) {
      return new Change(target, wanted, null, null);
    }
    SceneObject other =
        until(() -> Optional.of(pick(scene.objects())).filter(o -> !o.equals(object)));
    return new Change(target, null, pick(Relation.values()), shortest(other, scene));
  }

  /** The shortest description that fits no other object of the scene. */
  private static Description shortest(SceneObject object, Scene scene) {
    List<Description> shortToLong =
        List.of(
            new Description(null, null, object.shape()),
            new Description(null, object.colour(), object.shape()),
            new Description(object.size(), object.colour(), object.shape()));
    return shortToLong.stream()
        .filter(d -> scene.objects().stream().filter(d::fits).count() == 1)
        .findFirst()
        .orElseThrow();
  }

  /** Another scene that meets this one: the same objects and relations in other cells. */
  public Optional<Scene> rearranged(Scene scene) {
    return attempt(
        () -> {
          List<SceneObject> moved =
              scene.objects().stream()
                  .map(o -> o.at(random.nextInt(Scene.GRID), random.nextInt(Scene.GRID)))
                  .toList();
          return scene(moved).filter(s -> scene.isMetBy(s) && !s.words().equals(scene.words()));
        });
  }

  /** A scene that differs in one thing and therefore does not meet this one. */
  public Optional<Scene> nearMissOf(Scene scene) {
    return attempt(() -> NearMiss.of(scene, random).flatMap(s -> scene(s.objects())))
        .filter(s -> !scene.isMetBy(s));
  }

  /** A caption that differs in one thing from a true one and is false for the scene. */
  public Optional<Caption> nearMissOf(Caption caption, Scene scene) {
    return attempt(() -> NearMiss.of(caption, random).filter(c -> !c.isTrueOf(scene)));
  }

  /** A scene that differs in one thing from a scene and makes the caption false. */
  public Optional<Scene> nearMissOf(Scene scene, Caption caption) {
    return attempt(() -> nearMissOf(scene).filter(s -> !caption.isTrueOf(s)));
  }

  /** The random numbers for drawing one image. */
  public SplittableRandom imageRandom() {
    return random.split();
  }

  <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** A random element. */
  public <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static <T> Optional<T> attempt(Supplier<Optional<T>> draw) {
    for (int i = 0; i < TRIES; i++) {
      Optional<T> drawn = draw.get();
      if (drawn.isPresent()) {
        return drawn;
      }
    }
    return Optional.empty();
  }

  private static <T> T until(Supplier<Optional<T>> draw) {
    Optional<T> drawn = draw.get();
    while (drawn.isEmpty()) {
      drawn = draw.get();
    }
    return drawn.get();
  }
}
