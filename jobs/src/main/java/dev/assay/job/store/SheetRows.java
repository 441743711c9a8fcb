package dev.assay.job.store;

import static dev.assay.job.store.Slicing.SLICE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;

import dev.assay.job.workspace.Scratch;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a sheet with texts and images, from the first portion that needs them to the end of
 * the last.
 */
final class SheetRows {
  /** Files of a sheet. */
  private static final int FILES = 4;

  private final Sheet sheet;
  private final WorkPlan plan;
  private final Wanted wanted;
  private final Scratch scratch;
  private Scratch.Kept written;
  private int left;

  SheetRows(Sheet sheet, WorkPlan plan, Wanted wanted, Scratch scratch) {
    this.sheet = sheet;
    this.plan = plan;
    this.wanted = wanted;
    this.scratch = scratch;
    this.left = sheet.portions().size();
  }

  List<SlicePlan.Portion> portions() {
    return sheet.portions();
  }

  /** Writes them, unless that was done. */
  synchronized void prepare() {
    if (written == null) {
      Dataset<Row> rows = wanted.filledFew(plan.rows(sheet.slices()));
      int files = Math.min(FILES, sheet.portions().size());
      written =
          scratch.write(
              rows.repartitionById(files, pmod(col(SLICE), lit(files)))
                  .sortWithinPartitions(SLICE));
    }
  }

  /** The rows of a portion. */
  Dataset<Row> of(SlicePlan.Portion portion) {
    prepare();
    return written.rows().where(col(SLICE).isin(portion.slices().toArray())).drop(SLICE);
  }

  /** One portion needs them no more. */
  synchronized void done() {
    left--;
    if (left == 0) {
      scratch.remove(written);
    }
  }
}
