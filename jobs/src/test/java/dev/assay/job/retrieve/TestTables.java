package dev.assay.job.retrieve;

import dev.assay.job.TestSpark;
import dev.assay.job.workspace.Manifest;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Tables of a workspace that no job wrote. */
public final class TestTables {
  private static final Manifest.Draft BY_HAND =
      new Manifest.Draft("test", 1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  private TestTables() {}

  public static void write(Workspace workspace, String table, List<Row> rows, int partitions) {
    write(workspace, table, Tables.schema(table).orElseThrow(), rows, partitions);
  }

  public static void write(
      Workspace workspace, String table, StructType schema, List<Row> rows, int partitions) {
    Dataset<Row> data = TestSpark.session().createDataFrame(rows, schema).repartition(partitions);
    workspace.commit(table, List.of(workspace.stage(table, data)), BY_HAND);
  }
}
