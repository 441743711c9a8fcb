package dev.assay.job.workspace;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A table to which commits are added one by one, each visible at once. What a commit costs does not
 * depend on how many came before: the table's manifest is read and its folder listed once, at the
 * start.
 *
 * <p>Rows can be staged by several threads at once. A folder that is no longer named is removed
 * after the commit after the next, as with every table.
 */
public final class GrowingTable {
  private final String table;
  private final Workspace workspace;
  private final TableFiles files;
  private final Manifest.Draft draft;
  private final List<String> commits = new ArrayList<>();
  private List<Path> unnamed;

  GrowingTable(String table, Workspace workspace, TableFiles files, Manifest.Draft draft) {
    this.table = table;
    this.workspace = workspace;
    this.files = files;
    this.draft = draft;
    workspace.find(table).ifPresent(manifest -> commits.addAll(manifest.commits()));
    this.unnamed = files.unnamed(table, commits);
  }

  /**
   * Writes rows where no reader looks yet.
   *
   * @return the commit's name, for {@link #add} or {@link #replace}
   */
  public String stage(Dataset<Row> rows) {
    return workspace.stage(table, rows);
  }

  /** Reads commits of this table. */
  public Dataset<Row> read(List<String> some) {
    return workspace.readStaged(table, some);
  }

  /** Makes a staged commit visible. */
  public synchronized void add(String staged) {
    commits.add(staged);
    publish(List.of());
  }

  /** Shows a staged commit in place of others, which have the same rows. */
  public synchronized void replace(List<String> replaced, String staged) {
    commits.removeAll(replaced);
    commits.add(staged);
    publish(replaced.stream().map(commit -> new Path(files.folder(table), commit)).toList());
  }

  private void publish(List<Path> dropped) {
    StructType columns =
        Tables.schema(table)
            .orElseGet(() -> workspace.readStaged(table, commits.get(commits.size() - 1)).schema());
    files.publish(table, Manifest.now(commits, columns.json(), draft), unnamed);
    unnamed = dropped;
  }
}
