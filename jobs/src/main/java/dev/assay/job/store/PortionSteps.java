package dev.assay.job.store;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/**
 * What is done with each portion: its rows are computed and committed.
 *
 * @param counter counts rows while they are computed
 * @param state counts them when they are committed
 */
record PortionSteps(
    Computation.Loaded computation, Commits commits, LongAccumulator counter, StateFile state) {

  /** A step for each portion. The next sheet is prepared while portions of one are computed. */
  List<Runnable> of(List<SheetRows> sheets) {
    List<Runnable> steps = new ArrayList<>();
    for (int i = 0; i < sheets.size(); i++) {
      SheetRows rows = sheets.get(i);
      List<Runnable> own = new ArrayList<>();
      rows.portions().forEach(portion -> own.add(() -> compute(rows, portion)));
      if (i + 1 < sheets.size()) {
        own.add(1, sheets.get(i + 1)::prepare);
      }
      steps.addAll(own);
    }
    return steps;
  }

  private void compute(SheetRows rows, SlicePlan.Portion portion) {
    Dataset<Row> slice = rows.of(portion);
    commits.append(computation.compute(slice, portion.rows(), counter).hint("rebalance"));
    rows.done();
    state.add(portion);
  }
}
