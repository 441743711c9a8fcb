package dev.assay.model.tokens;

import dev.assay.item.EncodedImage;
import dev.assay.prompt.TokenSequence;
import dev.assay.prompt.TokenSequence.ImageSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The input of one pass over several rows: their tokens one after the other, and which of them see
 * each other. Only attention pads rows to the longest one.
 *
 * @param ids {@code [tokens]}
 * @param positions M-RoPE positions {@code [3][tokens]}
 * @param length tokens in the longest row
 * @param index {@code [rows, length]}: the tokens of each row; padding repeats token 0
 * @param parts {@code [rows, length]}: each token's part, -1 at padding
 * @param home {@code [tokens]}: the place of each token in {@code index}
 * @param images the distinct images, in order of appearance
 * @param imageAt the tokens that image features replace
 * @param imageRows the features that replace them: rows of the features of all {@code images}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SequencePack(
    long[] ids,
    float[][] positions,
    int length,
    long[] index,
    long[] parts,
    long[] home,
    List<EncodedImage> images,
    long[] imageAt,
    long[] imageRows) {

  public static SequencePack of(List<TrainingSequence> rows) {
    int tokens = rows.stream().mapToInt(TrainingSequence::length).sum();
    int length = rows.stream().mapToInt(TrainingSequence::length).max().orElse(0);
    long[] ids = new long[tokens];
    float[][] positions = new float[3][tokens];
    long[] index = new long[rows.size() * length];
    long[] parts = new long[index.length];
    long[] home = new long[tokens];
    Map<EncodedImage, Integer> first = new LinkedHashMap<>();
    List<Long> imageAt = new ArrayList<>();
    List<Long> imageRows = new ArrayList<>();
    int at = 0;
    int features = 0;
    for (int r = 0; r < rows.size(); r++) {
      TokenSequence sequence = rows.get(r).tokens();
      System.arraycopy(sequence.ids(), 0, ids, at, sequence.length());
      for (int i = 0; i < length; i++) {
        int cell = r * length + i;
        parts[cell] = -1;
        if (i < sequence.length()) {
          index[cell] = at + i;
          home[at + i] = cell;
          parts[cell] = rows.get(r).parts()[i];
          for (int axis = 0; axis < 3; axis++) {
            positions[axis][at + i] = sequence.positions()[axis][i];
          }
        }
      }
      for (ImageSpan span : sequence.images()) {
        Integer known = first.putIfAbsent(span.image(), features);
        int from = known == null ? features : known;
        features += known == null ? span.length() : 0;
        for (int i = 0; i < span.length(); i++) {
          imageAt.add((long) at + span.start() + i);
          imageRows.add((long) from + i);
        }
      }
      at += sequence.length();
    }
    return new SequencePack(
        ids,
        positions,
        length,
        index,
        parts,
        home,
        List.copyOf(first.keySet()),
        longs(imageAt),
        longs(imageRows));
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  public int rows() {
    return length == 0 ? 0 : index.length / length;
  }
}
