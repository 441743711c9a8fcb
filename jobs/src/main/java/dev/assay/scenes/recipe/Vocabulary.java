package dev.assay.scenes.recipe;

import dev.assay.prompt.tokenizer.Tokenizer;
import dev.assay.scenes.world.Colour;
import dev.assay.scenes.world.SceneObject;
import dev.assay.scenes.world.Shape;
import dev.assay.scenes.world.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Token ids of the words of the Scenes world. */
final class Vocabulary {
  static final String INSTRUCTION = "Does the candidate meet the query?";
  static final String START = "<|im_start|>";
  static final String END = "<|im_end|>";

  private final Tokenizer tokenizer;
  private final Map<String, long[]> encoded =
      new HashMap<>(); // the same few words are encoded many times
  private final List<Long> answers;
  private final List<Long> sizes;
  private final List<Long> colours;
  private final List<Long> shapes;

  Vocabulary(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.answers = List.of(tokenizer.id("No"), tokenizer.id("Yes"));
    this.sizes = Stream.of(Size.values()).map(size -> word(size.word())).toList();
    this.colours = Stream.of(Colour.values()).map(colour -> word(colour.word())).toList();
    this.shapes = Stream.of(Shape.values()).map(shape -> word(shape.word())).toList();
  }

  private long word(String word) {
    return tokenizer.id("\u0120" + word); // with a space before it
  }

  long[] encode(String text) {
    return encoded.computeIfAbsent(text, tokenizer::encode);
  }

  long token(String special) {
    return tokenizer.id(special);
  }

  /** No and Yes. */
  List<Long> answers() {
    return answers;
  }

  long answer(boolean yes) {
    return answers.get(yes ? 1 : 0);
  }

  /** The tokens of all sizes, of all colours and of all shapes. */
  List<List<Long>> looks() {
    return List.of(sizes, colours, shapes);
  }

  /** The tokens of an object's size, colour and shape. */
  List<Long> looks(SceneObject object) {
    return List.of(
        sizes.get(object.size().ordinal()),
        colours.get(object.colour().ordinal()),
        shapes.get(object.shape().ordinal()));
  }
}
