package dev.assay.train.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.Fixtures;
import dev.assay.model.training.Parameter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** AdamW, schedules and clipping against torch and transformers: see make_optimizer_fixtures.py. */
class OptimizerParityTest {
  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("a", List.of(3L, 4L)),
          new Parameter("b", List.of(5L)),
          new Parameter("c", List.of(1L)));

  private static JsonNode fixture;

  @BeforeAll
  static void read() throws IOException {
    fixture = new ObjectMapper().readTree(Fixtures.bytes("optimizer.json"));
  }

  @Test
  void fiftyStepsEqualTorchs() {
    for (JsonNode run : fixture.path("adamw")) {
      AdamW optimizer = new AdamW(settings(run), PARAMETERS);
      float[][] values = arrays(run.path("initial"));
      for (int step = 0; step < 50; step++) {
        optimizer.step(values, arrays(run.path("gradients").path(step)), rate(run, step));
        assertClose(arrays(run.path("values").path(step)), values, 1e-6f);
      }
      assertEquals(50, optimizer.state().steps());
      assertClose(arrays(run.path("means")), optimizer.state().means(), 1e-6f);
      assertClose(arrays(run.path("squares")), optimizer.state().squares(), 1e-6f);
    }
  }

  @Test
  void aRestoredOptimizerGoesOnToTheBit() {
    JsonNode run = fixture.path("adamw").path(1);
    float[][] through = arrays(run.path("initial"));
    AdamW one = new AdamW(settings(run), PARAMETERS);
    steps(one, through, run, 0, 50);

    float[][] stopped = arrays(run.path("initial"));
    AdamW first = new AdamW(settings(run), PARAMETERS);
    steps(first, stopped, run, 0, 20);
    AdamW.State state = first.state();
    AdamW second =
        new AdamW(
            settings(run), new AdamW.State(state.steps(), copy(state.means()), state.squares()));
    steps(second, stopped, run, 20, 50);

    assertTrue(Arrays.deepEquals(through, stopped));
  }

  @Test
  void schedulesAreTransformers() {
    for (JsonNode expected : fixture.path("schedules")) {
      Schedule schedule =
          new Schedule(
              Schedule.Shape.valueOf(expected.path("shape").asText().toUpperCase(Locale.ROOT)),
              expected.path("peak").asDouble(),
              expected.path("warm_up").asLong(),
              expected.path("steps").asLong());
      for (int step = 0; step < expected.path("rates").size(); step++) {
        int now = step;
        assertEquals(
            expected.path("rates").path(step).asDouble(),
            schedule.rate(step),
            1e-18,
            () -> schedule + " at " + now);
      }
    }
  }

  @Test
  void clippingIsTorchs() {
    for (JsonNode expected : fixture.path("clipping")) {
      float[][] gradients = arrays(expected.path("gradients"));
      double norm = Norm.clip(gradients, expected.path("most").asDouble());
      assertEquals(expected.path("norm").asDouble(), norm, 1e-6 * norm);
      assertClose(arrays(expected.path("clipped")), gradients, 1e-6f);
    }
  }

  @Test
  void aGradientThatIsNotFiniteIsMeasuredAndNotClipped() {
    float[][] gradients = {{3, Float.NaN}, {Float.POSITIVE_INFINITY}};
    assertTrue(Double.isNaN(Norm.clip(gradients, 1)));
    assertArrayEquals(new float[] {3, Float.NaN}, gradients[0]);

    float[][] infinite = {{1, Float.NEGATIVE_INFINITY}};
    assertTrue(Double.isInfinite(Norm.clip(infinite, 1)));
    assertArrayEquals(new float[] {1, Float.NEGATIVE_INFINITY}, infinite[0]);
  }

  private static void steps(AdamW optimizer, float[][] values, JsonNode run, int from, int to) {
    for (int step = from; step < to; step++) {
      optimizer.step(values, arrays(run.path("gradients").path(step)), rate(run, step));
    }
  }

  private static AdamW.Settings settings(JsonNode run) {
    return AdamW.Settings.decaying(run.path("decay").asDouble());
  }

  private static double rate(JsonNode run, int step) {
    return run.path("rates").path(step).asDouble();
  }

  /** Relative to what is larger than 1, and absolute below. */
  private static void assertClose(float[][] expected, float[][] actual, float tolerance) {
    assertEquals(expected.length, actual.length);
    for (int p = 0; p < expected.length; p++) {
      assertEquals(expected[p].length, actual[p].length);
      for (int i = 0; i < expected[p].length; i++) {
        float allowed = tolerance * Math.max(1, Math.abs(expected[p][i]));
        assertEquals(expected[p][i], actual[p][i], allowed);
      }
    }
  }

  private static float[][] copy(float[][] values) {
    return Arrays.stream(values).map(float[]::clone).toArray(float[][]::new);
  }

  private static float[][] arrays(JsonNode node) {
    float[][] values = new float[node.size()][];
    for (int p = 0; p < values.length; p++) {
      values[p] = new float[node.path(p).size()];
      for (int i = 0; i < values[p].length; i++) {
        values[p][i] = (float) node.path(p).path(i).asDouble();
      }
    }
    return values;
  }
}
