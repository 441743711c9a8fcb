package dev.assay.scenes.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.scenes.recipe.TruePrefix;
import dev.assay.scenes.source.SceneSource;
import dev.assay.scenes.source.Split;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is true of a scene, on one that can be checked by eye. */
class SceneTest {
  private static final SceneObject CIRCLE =
      new SceneObject(Size.LARGE, Colour.RED, Shape.CIRCLE, 0, 0);
  private static final SceneObject SQUARE =
      new SceneObject(Size.SMALL, Colour.BLUE, Shape.SQUARE, 0, 2);
  private static final Scene SCENE = new Scene(List.of(CIRCLE, SQUARE));

  private static Description the(Shape shape) {
    return new Description(null, null, shape);
  }

  @Test
  void aCaptionIsTrueWhereObjectsAndRelationFit() {
    Description red = new Description(null, Colour.RED, Shape.CIRCLE);
    Caption caption = new Caption(red, Relation.LEFT_OF, the(Shape.SQUARE));
    assertEquals("a red circle left of a square", caption.words());
    assertTrue(caption.isTrueOf(SCENE));
    assertFalse(new Caption(red, Relation.RIGHT_OF, the(Shape.SQUARE)).isTrueOf(SCENE));
    assertFalse(new Caption(red, Relation.ABOVE, the(Shape.SQUARE)).isTrueOf(SCENE), "one row");
    assertFalse(new Caption(the(Shape.SQUARE), Relation.LEFT_OF, red).isTrueOf(SCENE), "swapped");
    assertTrue(new Caption(the(Shape.SQUARE), null, null).isTrueOf(SCENE));
    assertFalse(new Caption(the(Shape.STAR), null, null).isTrueOf(SCENE));
  }

  @Test
  void aChangedColourAsksForThatSceneAnywhere() {
    Change change =
        new Change(the(Shape.CIRCLE), new Description(null, Colour.GREEN, null), null, null);
    assertEquals("but the circle is green", change.words());
    Scene wanted = change.applyTo(SCENE).orElseThrow();
    assertFalse(wanted.isMetBy(SCENE));
    SceneObject green = CIRCLE.looking(Size.LARGE, Colour.GREEN, Shape.CIRCLE);
    assertTrue(wanted.isMetBy(new Scene(List.of(green.at(3, 1), SQUARE.at(3, 3)))));
    assertTrue(
        wanted.isMetBy(new Scene(List.of(green.at(0, 1), SQUARE.at(3, 3)))), "rows are open");
    assertFalse(wanted.isMetBy(new Scene(List.of(green.at(3, 3), SQUARE.at(3, 1)))), "mirrored");
  }

  @Test
  void aMovedObjectSwapsSidesWithTheOther() {
    Change change = new Change(the(Shape.CIRCLE), null, Relation.RIGHT_OF, the(Shape.SQUARE));
    assertEquals("but the circle is right of the square", change.words());
    Scene wanted = change.applyTo(SCENE).orElseThrow();
    assertTrue(wanted.isMetBy(new Scene(List.of(CIRCLE.at(1, 3), SQUARE.at(2, 0)))));
    assertFalse(wanted.isMetBy(SCENE));
  }

  @Test
  void aChangeToTheSameStateIsNoChange() {
    Change already = new Change(the(Shape.CIRCLE), null, Relation.LEFT_OF, the(Shape.SQUARE));
    assertTrue(already.applyTo(SCENE).isEmpty());
    Change red = new Change(the(Shape.CIRCLE), new Description(null, Colour.RED, null), null, null);
    assertTrue(red.applyTo(SCENE).isEmpty());
  }

  @Test
  void theDifferenceIsTheLeastThatWouldHaveToChange() {
    Caption caption =
        new Caption(
            new Description(Size.LARGE, Colour.GREEN, Shape.CIRCLE),
            Relation.RIGHT_OF,
            the(Shape.SQUARE));
    assertEquals(Set.of(Attribute.COLOUR, Attribute.RELATION), Difference.of(caption, SCENE));
    Scene one = new Scene(List.of(CIRCLE, SQUARE.looking(Size.LARGE, Colour.BLUE, Shape.SQUARE)));
    assertEquals(Set.of(Attribute.SIZE), Difference.of(SCENE, one));
  }

  @Test
  void aReaderStopsAtTheFirstWordThatCannotBe() {
    Description green = new Description(Size.LARGE, Colour.GREEN, Shape.CIRCLE);
    assertEquals(2, TruePrefix.of(new Caption(green, null, null), SCENE), "a large");
    Description red = new Description(Size.LARGE, Colour.RED, Shape.CIRCLE);
    Caption right = new Caption(red, Relation.RIGHT_OF, the(Shape.SQUARE));
    assertEquals(4, TruePrefix.of(right, SCENE), "a large red circle");
    Caption star = new Caption(red, Relation.LEFT_OF, the(Shape.STAR));
    assertEquals(7, TruePrefix.of(star, SCENE), "a large red circle left of a");
  }

  @Test
  void noTwoObjectsShareACellOrALook() {
    assertThrows(IllegalArgumentException.class, () -> new Scene(List.of(CIRCLE, SQUARE.at(0, 0))));
    assertThrows(IllegalArgumentException.class, () -> new Scene(List.of(CIRCLE, CIRCLE.at(1, 1))));
  }

  @Test
  void everySceneBelongsToOneSplit() {
    for (Split split : Split.values()) {
      SceneSource source = new SceneSource(split, 5);
      for (int i = 0; i < 100; i++) {
        Scene scene = source.scene();
        assertEquals(
            List.of(split), Stream.of(Split.values()).filter(s -> s.contains(scene)).toList());
      }
    }
  }
}
