package dev.assay.job.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.job.store.SlicePlan.Portion;
import dev.assay.job.store.SlicePlan.Slice;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlicePlanTest {
  @Test
  void worksSlicesOfWhichNothingIsKnownOneByOneInOrder() {
    SlicePlan plan =
        SlicePlan.of(List.of(new Slice(2, 3, 0), new Slice(0, 10, 0), new Slice(1, 1, 0)), 10);

    assertEquals(
        List.of(
            new Portion(List.of(0), 10), new Portion(List.of(1), 1), new Portion(List.of(2), 3)),
        plan.portions());
    assertEquals(14, plan.missing());
  }

  @Test
  void theSameSlicesFollowWhereARunWasKilled() {
    List<Slice> before = List.of(new Slice(0, 8, 0), new Slice(1, 9, 0), new Slice(2, 3, 0));
    List<Slice> killed = List.of(new Slice(0, 8, 7), new Slice(1, 9, 0), new Slice(2, 3, 0));

    List<Portion> undisturbed = SlicePlan.of(before, 10).portions();
    List<Portion> resumed = SlicePlan.of(killed, 10).portions();

    assertEquals(undisturbed.subList(1, 3), resumed.subList(0, 2));
    assertEquals(new Portion(List.of(0), 1), resumed.get(2)); // what failed, or is new
  }

  @Test
  void gathersWhatIsMissingOfBegunSlices() {
    SlicePlan plan =
        SlicePlan.of(
            List.of(
                new Slice(0, 10, 6),
                new Slice(1, 10, 10),
                new Slice(2, 10, 4),
                new Slice(3, 10, 9),
                new Slice(4, 10, 9)),
            10);

    assertEquals(
        List.of(new Portion(List.of(0, 2), 10), new Portion(List.of(3, 4), 2)), plan.portions());
  }

  @Test
  void aPortionThatIsTooLargeStandsAlone() {
    SlicePlan plan = SlicePlan.of(List.of(new Slice(0, 30, 1), new Slice(1, 30, 10)), 10);

    assertEquals(
        List.of(new Portion(List.of(0), 29), new Portion(List.of(1), 20)), plan.portions());
  }

  @Test
  void hasNothingToDoWhereNothingIsMissing() {
    assertEquals(List.of(), SlicePlan.of(List.of(new Slice(0, 5, 5)), 10).portions());
    assertEquals(0, SlicePlan.of(List.of(), 10).missing());
  }
}
