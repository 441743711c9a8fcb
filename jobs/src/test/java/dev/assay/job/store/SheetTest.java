package dev.assay.job.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SheetTest {
  @Test
  void everyPortionIsInOneSheetInItsOrderAndSheetsAreNotTooLarge() {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      List<SlicePlan.Slice> slices = new ArrayList<>();
      int size = 1 + random.nextInt(50);
      for (int slice = 0; slice < random.nextInt(600); slice++) {
        int wanted = random.nextInt(2 * size);
        slices.add(new SlicePlan.Slice(slice, wanted, random.nextInt(wanted + 1)));
      }
      SlicePlan plan = SlicePlan.of(slices, size);
      int limit = 1 + random.nextInt(1000);

      List<Sheet> sheets = Sheet.of(plan, limit);

      assertEquals(
          plan.portions(), sheets.stream().flatMap(sheet -> sheet.portions().stream()).toList());
      for (Sheet sheet : sheets) {
        long rows = sheet.portions().stream().mapToLong(SlicePlan.Portion::rows).sum();
        assertTrue(rows <= limit || sheet.portions().size() == 1, sheet::toString);
      }
    }
  }
}
