package dev.assay.job.train.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.model.training.Parameter;
import dev.assay.model.training.Piece;
import dev.assay.train.Gradients;
import dev.assay.train.optimizer.Norm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SliceTest {
  @Test
  void slicesHaveEachNumberOnceInOrderAndAboutAsManyEach() {
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      List<Parameter> parameters = new ArrayList<>();
      for (int p = 0; p < 1 + random.nextInt(6); p++) {
        long size = 1 + random.nextInt(random.nextBoolean() ? 100 : 10 * Piece.BLOCK);
        parameters.add(new Parameter("p" + p, List.of(size)));
      }
      long all = parameters.stream().mapToLong(Parameter::size).sum();
      int most = 1 + random.nextInt(8);
      List<List<Piece>> slices = Slice.cut(parameters, most);

      assertTrue(slices.size() <= most, slices.size() + " of " + most);
      int parameter = 0;
      int at = 0;
      for (List<Piece> slice : slices) {
        long numbers = slice.stream().mapToLong(Piece::length).sum();
        assertTrue(numbers < Math.max(all / most + 1, Piece.BLOCK) + Piece.BLOCK, "" + numbers);
        for (Piece piece : slice) {
          assertEquals(parameter, piece.parameter());
          assertEquals(at, piece.from());
          assertEquals(0, piece.from() % Piece.BLOCK);
          boolean last = piece.to() == parameters.get(parameter).size();
          parameter += last ? 1 : 0;
          at = last ? 0 : piece.to();
        }
      }
      assertEquals(parameters.size(), parameter);
    }
  }

  @Test
  void theNormOfPiecesIsThatOfWholeParametersToTheBit() {
    float[][] whole = new float[2][];
    Random random = new Random(5);
    for (int p = 0; p < 2; p++) {
      whole[p] = new float[Piece.BLOCK * (2 - p) + 77];
      for (int i = 0; i < whole[p].length; i++) {
        whole[p][i] = random.nextFloat() - 0.5f;
      }
    }
    List<Parameter> parameters =
        Arrays.stream(whole).map(w -> new Parameter("p", List.of((long) w.length))).toList();
    List<List<Piece>> cut = Slice.cut(parameters, 3);
    List<Slice> slices = new ArrayList<>();
    for (List<Piece> pieces : cut) {
      float[][] some =
          pieces.stream()
              .map(p -> Arrays.copyOfRange(whole[p.parameter()], p.from(), p.to()))
              .toArray(float[][]::new);
      slices.add(new Slice(0, slices.size(), new Gradients(some, 1, 2)));
    }
    double[] squares =
        slices.stream()
            .flatMapToDouble(slice -> Arrays.stream(Norm.squares(slice.gradients().values())))
            .toArray();

    assertEquals(3, slices.size());
    assertEquals(Norm.of(whole), Norm.of(squares));
    float[][] joined = Slice.join(slices, cut).values();
    assertArrayEquals(whole[0], joined[0]);
    assertArrayEquals(whole[1], joined[1]);
  }
}
