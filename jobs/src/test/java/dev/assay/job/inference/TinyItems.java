package dev.assay.job.inference;

import dev.assay.job.TestSpark;
import dev.assay.job.embed.TinyWorld;
import dev.assay.job.store.Wanted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A query and four candidates, one of which has no file. Hashes are not checked. */
public final class TinyItems {
  /** Where their images are. */
  public static final String IMAGES = TinyWorld.FIXTURES.resolve("images").toUri().toString();

  private TinyItems() {}

  public static Dataset<Row> queries() {
    return TestSpark.session()
        .sql(
            "SELECT 'q' query_id, 'a red circle' text, CAST(NULL AS STRING) image, 'q' content_hash");
  }

  public static Dataset<Row> candidates() {
    return TestSpark.session()
        .sql(
            "SELECT * FROM VALUES ('c1', 'words', NULL, 'h1'), ('c2', 'more words', NULL, 'h2'),"
                + " ('c3', 'others', NULL, 'h3'), ('c4', NULL, 'gone.png', 'h4')"
                + " AS t(candidate_id, text, image, content_hash)");
  }

  /** The pairs with their texts and images. */
  public static Dataset<Row> pairsWithContents() {
    Dataset<Row> pairs = PairTable.withImages(pairs(), queries(), candidates());
    Wanted wanted = PairTable.wanted(pairs, queries(), candidates());
    return wanted.filled(wanted.keys());
  }

  /** Each query with each candidate: query_id, candidate_id, query_hash, candidate_hash. */
  public static Dataset<Row> pairs() {
    return queries()
        .selectExpr("query_id", "content_hash AS query_hash")
        .crossJoin(candidates().selectExpr("candidate_id", "content_hash AS candidate_hash"));
  }
}
