package dev.assay.job.mine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.JobRunner;
import dev.assay.job.TestSpark;
import dev.assay.job.mine.JudgedQuery.Candidate;
import dev.assay.job.mine.JudgedQuery.Positive;
import dev.assay.job.retrieve.TestTables;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MineJobTest {
  private static final StructType EXCLUDED =
      new StructType()
          .add(Tables.QUERY_ID, DataTypes.StringType)
          .add(Tables.CANDIDATE_ID, DataTypes.StringType)
          .add(Tables.SIMILARITY, DataTypes.FloatType)
          .add(Tables.REASON, DataTypes.StringType)
          .add(Tables.THRESHOLD, DataTypes.FloatType);

  @TempDir Path folder;
  private final SparkSession spark = TestSpark.session();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void givesTheSameTablesAndCountsFromAnyNumberOfPartitions() {
    List<JudgedQuery> queries = IntStream.range(0, 60).mapToObj(RandomScores::query).toList();
    List<String> negatives = new ArrayList<>();
    List<String> decisions = new ArrayList<>();
    List<String> rejects = new ArrayList<>();
    for (JudgedQuery query : queries) {
      MinedQuery mined = new MiningRule(MineOptions.defaults()).mine(query);
      addRows(mined, negatives, decisions, rejects);
    }
    for (int partitions : new int[] {1, 2, 5}) {
      printed.reset();
      Workspace workspace = mined(queries, List.of(), partitions);
      countsByDecisionAndFillInItsSummary();
      assertEquals(sorted(negatives), rows(workspace, Tables.NEGATIVES));
      assertEquals(sorted(decisions), rows(workspace, Tables.DECISIONS));
      assertEquals(sorted(rejects), rows(workspace, Tables.QUARANTINE));
    }
  }

  @Test
  void decidesOnWhatRetrievalKeptOutToo() {
    JudgedQuery query =
        new JudgedQuery(
            "q",
            "hash of q",
            List.of(new Positive("p", "hash of p", 0.9f)),
            List.of(new Candidate("c1", "hash of c1", 0, 0.5f, -2f, 0.1f)));
    List<Row> excluded =
        List.of(
            RowFactory.create("q", "p", 0.9f, "positive", null),
            RowFactory.create("q", "twin", 0.9f, "same_content", null),
            RowFactory.create("q", "c9", 0.95f, "above_similarity", 0.9f));
    Workspace workspace = mined(List.of(query), excluded, 1);
    assertEquals(
        List.of(
            "[q,c1,kept,0.89]",
            "[q,c9,above_similarity,0.9]",
            "[q,p,positive,null]",
            "[q,twin,same_content,null]"),
        rows(workspace, Tables.DECISIONS));
  }

  private void countsByDecisionAndFillInItsSummary() {
    String summary = printed.toString(StandardCharsets.UTF_8);
    assertTrue(
        summary.matches(
            "mine: [\\d,]+ of 60 queries, [\\d,]+ lists of negatives \\(\\d+ complete, \\d+ random,"
                + " \\d+ repeated\\); [\\d,]+ decisions \\([\\d,]+ duplicate_content, [\\d,]+ false_negative, [\\d,]+ filled,"
                + " [\\d,]+ kept, .*\\); [\\d,]+ quarantined.* \\(.* s\\)\n"),
        summary);
  }

  @Test
  void ignoresScoresOfPairsThatAreRetrievedNoMore() {
    JudgedQuery query =
        new JudgedQuery(
            "q",
            null,
            List.of(new Positive("p", null, 0.9f)),
            List.of(
                new Candidate("c1", null, 0, 0.5f, -2f, 0.1f),
                new Candidate("old", null, null, null, -2f, 0.1f)));
    Workspace workspace = mined(List.of(query), List.of(), 1);
    assertEquals(
        List.of("[q,c1,kept,0.89]", "[q,p,positive,null]"), rows(workspace, Tables.DECISIONS));
  }

  @Test
  void minesNothingFromEmptyTables() {
    Workspace workspace = mined(List.of(), List.of(), 1);
    assertEquals(List.of(), rows(workspace, Tables.NEGATIVES));
    assertEquals(List.of(), rows(workspace, Tables.DECISIONS));
  }

  private Workspace mined(List<JudgedQuery> queries, List<Row> excluded, int partitions) {
    Workspace workspace = Workspace.open(spark, folder.resolve("on " + partitions).toString());
    List<Row> scored = new ArrayList<>();
    List<Row> retrieved = new ArrayList<>();
    List<Row> positives = new ArrayList<>();
    List<Row> queryItems = new ArrayList<>();
    List<Row> candidateItems = new ArrayList<>();
    for (JudgedQuery query : queries) {
      String id = query.queryId();
      queryItems.add(RowFactory.create(id, "d", "text", null, query.contentHash()));
      Set<String> own = new HashSet<>();
      for (Positive positive : query.positives()) {
        own.add(positive.candidateId());
        positives.add(RowFactory.create(id, positive.candidateId()));
        candidateItems.add(item(positive.candidateId(), positive.contentHash()));
        if (positive.score() != null) {
          scored.add(
              RowFactory.create(
                  id, positive.candidateId(), true, null, null, 1f, positive.score(), "judge"));
        }
      }
      for (Candidate c : query.candidates()) {
        if (own.contains(c.candidateId())) {
          continue;
        }
        candidateItems.add(item(c.candidateId(), c.contentHash()));
        scored.add(
            RowFactory.create(
                id, c.candidateId(), false, c.rank(), c.similarity(), c.margin(), c.score(), "j"));
        if (c.rank() != null) {
          retrieved.add(RowFactory.create(id, c.candidateId(), c.rank(), c.similarity()));
        }
      }
    }
    TestTables.write(workspace, Tables.SCORED, scored, partitions);
    TestTables.write(workspace, Tables.RETRIEVED, retrieved, partitions);
    TestTables.write(workspace, Tables.EXCLUDED, EXCLUDED, excluded, partitions);
    TestTables.write(workspace, Tables.POSITIVES, positives, partitions);
    TestTables.write(workspace, Tables.QUERIES, queryItems, partitions);
    TestTables.write(workspace, Tables.CANDIDATES, candidateItems, partitions);
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    String before = spark.conf().get("spark.sql.shuffle.partitions");
    spark.conf().set("spark.sql.shuffle.partitions", partitions);
    try {
      new JobRunner(spark, workspace, out, out).run(new MineJob(MineOptions.defaults()));
    } finally {
      spark.conf().set("spark.sql.shuffle.partitions", before);
    }
    return workspace;
  }

  private static Row item(String id, String content) {
    return RowFactory.create(id, "d", "text", null, content);
  }

  private static void addRows(
      MinedQuery mined, List<String> negatives, List<String> decisions, List<String> rejects) {
    List<String> list =
        mined.negatives().stream()
            .map(
                n ->
                    String.format(
                        "[%s,%s,%s,%s,%s]",
                        n.candidateId(), n.score(), n.margin(), n.similarity(), n.rank()))
            .toList();
    for (Positive positive : mined.positives()) {
      negatives.add(
          String.format(
              "[%s,%s,%s,ArraySeq(%s),%s]",
              mined.queryId(),
              positive.candidateId(),
              positive.score(),
              String.join(", ", list),
              mined.fill().orElseThrow().label()));
    }
    mined
        .verdicts()
        .forEach(
            v ->
                decisions.add(
                    String.format(
                        "[%s,%s,%s,%s]",
                        mined.queryId(), v.candidateId(), v.decision().label(), v.threshold())));
    mined
        .rejects()
        .forEach(
            r ->
                rejects.add(
                    String.format(
                        "[mine,%s%s,%s,%s,scored]",
                        mined.queryId(),
                        r.candidateId() == null ? "" : " " + r.candidateId(),
                        r.reason(),
                        r.detail())));
  }

  private static List<String> rows(Workspace workspace, String table) {
    return sorted(workspace.read(table).collectAsList().stream().map(Row::toString).toList());
  }

  private static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }
}
