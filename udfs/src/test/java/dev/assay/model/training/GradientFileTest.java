package dev.assay.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradientFileTest {
  /** More numbers than are in memory at once. */
  private static final int LARGE = (1 << 20) + 5;

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("norm", List.of(3L)),
          new Parameter("table", List.of(4L, 2L)),
          new Parameter("large", List.of((long) LARGE)));

  @TempDir Path folder;

  @Test
  void whatIsAddedIsSummedAndWhatIsNotIsZero() {
    try (GradientFile file = new GradientFile(folder, PARAMETERS)) {
      file.add(2, (from, to) -> filled(to - from, 1.5f));
      file.add(2, (from, to) -> filled(to - from, from == 0 ? 2 : 3));
      float[] sum = file.read(new Piece(2, 0, LARGE));
      assertArrayEquals(filled(1 << 20, 3.5f), Arrays.copyOf(sum, 1 << 20));
      assertArrayEquals(filled(5, 4.5f), Arrays.copyOfRange(sum, 1 << 20, LARGE));
      assertArrayEquals(new float[3], file.read(new Piece(0, 0, 3)));
    }
  }

  @Test
  void rowsAreAddedToAMatrixThatHasNothingElseYet() {
    try (GradientFile file = new GradientFile(folder, PARAMETERS)) {
      file.addRows(1, new long[] {1, 3}, new float[] {1, 2, 3, 4});
      file.addRows(1, new long[] {3}, new float[] {10, 20});
      assertArrayEquals(new float[] {0, 0, 1, 2, 0, 0, 13, 24}, file.read(new Piece(1, 0, 8)));
    }
  }

  @Test
  void afterClearingSumsBeginAtZero() {
    try (GradientFile file = new GradientFile(folder, PARAMETERS)) {
      file.add(0, (from, to) -> filled(to - from, 7));
      file.clear(0);
      assertArrayEquals(new float[3], file.read(new Piece(0, 0, 3)));
      file.add(0, (from, to) -> filled(to - from, 1));
      assertArrayEquals(filled(3, 1), file.read(new Piece(0, 0, 3)));
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing");
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> new GradientFile(missing, PARAMETERS));
    assertTrue(e.getMessage().contains(missing.toString()), e.getMessage());
  }

  private static float[] filled(int length, float value) {
    float[] numbers = new float[length];
    Arrays.fill(numbers, value);
    return numbers;
  }
}
