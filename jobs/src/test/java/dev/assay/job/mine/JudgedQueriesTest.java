package dev.assay.job.mine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.job.mine.JudgedQuery.Candidate;
import dev.assay.job.mine.JudgedQuery.Positive;
import dev.assay.job.workspace.Tables;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class JudgedQueriesTest {
  @Test
  void aPairGetsItsScoreWhateverRowComesFirst() {
    JudgedQuery expected =
        new JudgedQuery(
            "q",
            "hash of q",
            List.of(new Positive("p", "hash of p", 0.9f)),
            List.of(
                new Candidate("c", "hash of c", 0, 0.5f, -2f, 0.1f),
                new Candidate("d", "hash of d", 1, 0.4f, null, null),
                new Candidate("p", "hash of p", null, null, 2f, 0.9f)));
    List<Row> rows =
        List.of(
            scored("q", "c", -2f, 0.1f),
            scored("q", "p", 2f, 0.9f),
            retrieved("q", "c", 0, 0.5f),
            query("q"),
            retrieved("q", "d", 1, 0.4f),
            positive("q", "p"),
            positive("q", "p"));

    assertEquals(List.of(expected), read(rows));
  }

  @Test
  void aQueryWithoutPairsIsNone() {
    List<Row> rows =
        List.of(
            query("a"),
            scored("b", "c", -2f, 0.1f),
            query("b"),
            positive("c", "p"),
            query("d"),
            retrieved("e", "c", 0, 0.5f));

    assertEquals(List.of("c", "e"), read(rows).stream().map(JudgedQuery::queryId).toList());
  }

  @Test
  void endsAfterTheLast() {
    JudgedQueries none = new JudgedQueries(List.<Row>of().iterator());
    assertThrows(NoSuchElementException.class, none::next);
  }

  private static List<JudgedQuery> read(List<Row> rows) {
    List<JudgedQuery> queries = new ArrayList<>();
    Iterator<JudgedQuery> read = new JudgedQueries(rows.iterator());
    read.forEachRemaining(queries::add);
    return queries;
  }

  private static Row query(String id) {
    return RowFactory.create(Tables.QUERIES, id, null, "hash of " + id, null, null, null, null);
  }

  private static Row retrieved(String query, String candidate, int rank, float similarity) {
    return RowFactory.create(
        Tables.RETRIEVED, query, candidate, "hash of " + candidate, rank, similarity, null, null);
  }

  private static Row positive(String query, String candidate) {
    return RowFactory.create(
        Tables.POSITIVES, query, candidate, "hash of " + candidate, null, null, null, null);
  }

  private static Row scored(String query, String candidate, float margin, float score) {
    return RowFactory.create(Tables.SCORED, query, candidate, null, null, null, margin, score);
  }
}
