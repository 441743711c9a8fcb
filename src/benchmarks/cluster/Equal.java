import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Compares the tables of workspaces, row by row and to the bit. */
final class Equal {
  private static final List<String> TABLES =
      List.of(
          Tables.QUERIES,
          Tables.CANDIDATES,
          Tables.POSITIVES,
          Tables.QUERY_EMBEDDINGS,
          Tables.CANDIDATE_EMBEDDINGS,
          Tables.RETRIEVED,
          Tables.EXCLUDED,
          Tables.SCORED,
          Tables.NEGATIVES,
          Tables.DECISIONS);

  /** Arguments: two workspaces or more. Prints a line; ends with status 1 if any table differs. */
  public static void main(String[] arguments) {
    SparkSession spark =
        SparkSession.builder().master("local[*]").config("spark.ui.enabled", "false").getOrCreate();
    long rows = 0;
    long different = 0;
    for (String table : TABLES) {
      Dataset<Row> first = read(spark, arguments[0], table);
      rows += first.count();
      for (int i = 1; i < arguments.length; i++) {
        Dataset<Row> other = read(spark, arguments[i], table);
        long unlike = first.exceptAll(other).count() + other.exceptAll(first).count();
        if (unlike > 0) {
          System.out.printf("%s: %,d rows differ in %s%n", table, unlike, arguments[i]);
        }
        different += unlike;
      }
    }
    System.out.printf(
        "tables of %d runs: %s (%d tables, %,d rows)%n",
        arguments.length, different == 0 ? "equal to the bit" : "different", TABLES.size(), rows);
    spark.stop();
    System.exit(different == 0 ? 0 : 1);
  }

  private static Dataset<Row> read(SparkSession spark, String workspace, String table) {
    return Workspace.openToRead(spark, workspace).read(table);
  }
}
