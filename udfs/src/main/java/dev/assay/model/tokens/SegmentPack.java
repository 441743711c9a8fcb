package dev.assay.model.tokens;

import dev.assay.item.EncodedImage;
import dev.assay.prompt.TokenSequence;
import dev.assay.prompt.TokenSequence.ImageSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The input of one pass over several segments: their tokens one after the other.
 *
 * @param ids {@code [tokens]}
 * @param positions M-RoPE positions {@code [3][tokens]}
 * @param ends {@code [segments]}: the place behind each segment's last token
 * @param images in the order of their tokens
 * @param imageAt the tokens that image features replace
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SegmentPack(
    long[] ids, float[][] positions, int[] ends, List<EncodedImage> images, long[] imageAt) {

  public static SegmentPack of(List<Segment> segments) {
    int n = segments.stream().mapToInt(Segment::length).sum();
    long[] ids = new long[n];
    float[][] positions = new float[3][n];
    int[] ends = new int[segments.size()];
    List<EncodedImage> images = new ArrayList<>();
    List<Long> imageAt = new ArrayList<>();
    int at = 0;
    for (int s = 0; s < ends.length; s++) {
      Segment segment = segments.get(s);
      TokenSequence tokens = segment.tokens();
      System.arraycopy(tokens.ids(), segment.from(), ids, at, segment.length());
      for (int axis = 0; axis < 3; axis++) {
        for (int i = 0; i < segment.length(); i++) {
          positions[axis][at + i] = tokens.positions()[axis][segment.from() + i];
        }
      }
      for (ImageSpan span : tokens.images()) {
        if (span.start() >= segment.from() && span.start() < segment.to()) {
          images.add(span.image());
          for (int i = 0; i < span.length(); i++) {
            imageAt.add((long) at + span.start() - segment.from() + i);
          }
        }
      }
      at += segment.length();
      ends[s] = at;
    }
    return new SegmentPack(
        ids, positions, ends, images, imageAt.stream().mapToLong(Long::longValue).toArray());
  }

  public int tokens() {
    return ids.length;
  }

  /** {@code [segments]}: each segment's last token. */
  public long[] last() {
    return Arrays.stream(ends).mapToLong(end -> end - 1L).toArray();
  }

  /** {@code [tokens]}: the number of each token's segment. */
  public long[] segments() {
    long[] segments = new long[tokens()];
    for (int s = 0; s < ends.length; s++) {
      Arrays.fill(segments, start(s), ends[s], s);
    }
    return segments;
  }

  private int start(int segment) {
    return segment == 0 ? 0 : ends[segment - 1];
  }

  /** Tokens of the longest segment. */
  public int longest() {
    int longest = 0;
    for (int s = 0; s < ends.length; s++) {
      longest = Math.max(longest, ends[s] - start(s));
    }
    return longest;
  }

  /** {@code [segments, longest]}: the tokens of each segment; padding repeats its last one. */
  public long[] rows() {
    int longest = longest();
    long[] rows = new long[ends.length * longest];
    for (int s = 0; s < ends.length; s++) {
      for (int i = 0; i < longest; i++) {
        rows[s * longest + i] = Math.min(start(s) + i, ends[s] - 1);
      }
    }
    return rows;
  }

  /** {@code [tokens]}: where each token stands in {@link #rows}. */
  public long[] home() {
    int longest = longest();
    long[] home = new long[tokens()];
    for (int s = 0; s < ends.length; s++) {
      for (int at = start(s); at < ends[s]; at++) {
        home[at] = (long) s * longest + at - start(s);
      }
    }
    return home;
  }
}
