package dev.assay.scenes.recipe;

import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.TokenSequence;
import dev.assay.prompt.TokenSequence.ImageSpan;
import dev.assay.scenes.recipe.JudgeExample.Picture;
import dev.assay.scenes.world.Scene;
import dev.assay.scenes.world.SceneObject;
import dev.assay.train.LabelledRow;
import dev.assay.train.LabelledRow.Label;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Builds a training row: a shared prefix, and several suffixes that attend to the prefix and to
 * themselves only. All labels of one kind together have weight 1.
 */
final class RowDraft {
  /** The meaning of a label. */
  enum Kind {
    /** Whether the whole candidate meets the query. */
    ANSWER,
    /** Whether it can still meet the query at this token. */
    SO_FAR,
    /** The next token of a true text. */
    FOLLOWING,
    SIZE,
    COLOUR,
    SHAPE
  }

  private static final List<Kind> LOOKS = List.of(Kind.SIZE, Kind.COLOUR, Kind.SHAPE);

  private final Vocabulary words;
  private final Function<EncodedImage, Grid> grids;
  private final List<Long> ids = new ArrayList<>();
  private final List<Integer> parts = new ArrayList<>();
  private final List<int[]> positions = new ArrayList<>();
  private final List<ImageSpan> images = new ArrayList<>();
  private final Map<Kind, List<Label>> labels = new EnumMap<>(Kind.class);
  private int part;
  private int position;
  private int afterBeginning;

  RowDraft(Vocabulary words, Function<EncodedImage, Grid> grids) {
    this.words = words;
    this.grids = grids;
  }

  RowDraft text(String text) {
    for (long id : words.encode(text)) {
      token(id);
    }
    return this;
  }

  RowDraft special(String token) {
    token(words.token(token));
    return this;
  }

  private void token(long id) {
    add(id, position, position, position);
    position++;
  }

  private void add(long id, int... at) {
    ids.add(id);
    parts.add(part);
    positions.add(at);
  }

  /** Starts a suffix. The prefix is everything before the first suffix. */
  RowDraft end() {
    afterBeginning = part == 0 ? position : afterBeginning;
    part++;
    position = afterBeginning;
    return this;
  }

  /** An image, with labels for the look of each object at its token. */
  RowDraft image(Picture picture) {
    special("<|vision_start|>");
    Grid grid = grids.apply(picture.image());
    int columns = grid.columns() / 2;
    int first = ids.size();
    int tokens = grid.tokens(2);
    images.add(new ImageSpan(picture.image(), first, tokens));
    for (int i = 0; i < tokens; i++) {
      add(words.token("<|image_pad|>"), position, position + i / columns, position + i % columns);
    }
    position += Math.max(grid.rows() / 2, columns);
    for (SceneObject object : picture.scene().objects()) {
      List<Long> looks = words.looks(object);
      for (int i = 0; i < looks.size(); i++) {
        label(LOOKS.get(i), first + cell(object), looks.get(i), words.looks().get(i));
      }
    }
    return special("<|vision_end|>");
  }

  private static int cell(SceneObject object) {
    return object.row() * Scene.GRID + object.column();
  }

  /** Labels an object at its token of the last image. */
  void wanted(SceneObject object, boolean so) {
    int first = images.get(images.size() - 1).start();
    label(Kind.SO_FAR, first + cell(object), words.answer(so), words.answers());
  }

  /** Labels the last token with Yes or No. */
  RowDraft say(Kind kind, boolean yes) {
    label(kind, ids.size() - 1, words.answer(yes), words.answers());
    return this;
  }

  /** Labels each token from this one on with the token after it. */
  RowDraft following(int first) {
    for (int i = first; i + 1 < ids.size(); i++) {
      label(Kind.FOLLOWING, i, ids.get(i + 1), null);
    }
    return this;
  }

  /** The number of tokens. */
  int length() {
    return ids.size();
  }

  private void label(Kind kind, int at, long token, List<Long> choices) {
    labels.computeIfAbsent(kind, k -> new ArrayList<>()).add(new Label(at, token, 1, choices));
  }

  LabelledRow row() {
    int[][] axes = new int[3][ids.size()];
    for (int i = 0; i < ids.size(); i++) {
      for (int axis = 0; axis < 3; axis++) {
        axes[axis][i] = positions.get(i)[axis];
      }
    }
    List<Label> all = new ArrayList<>();
    for (List<Label> some : labels.values()) {
      for (Label label : some) {
        all.add(new Label(label.at(), label.token(), 1f / some.size(), label.choices()));
      }
    }
    long[] tokens = ids.stream().mapToLong(Long::longValue).toArray();
    int[] of = parts.stream().mapToInt(Integer::intValue).toArray();
    return new LabelledRow(new TokenSequence(tokens, axes, List.copyOf(images)), of, all);
  }
}
