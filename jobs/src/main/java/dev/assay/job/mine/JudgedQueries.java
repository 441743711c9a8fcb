package dev.assay.job.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.assay.job.JobContext;
import dev.assay.job.mine.JudgedQuery.Candidate;
import dev.assay.job.mine.JudgedQuery.Positive;
import dev.assay.job.workspace.Tables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Collects what mining needs to know about each query. The rows of all tables go by their query
 * into one stream, so that only what a query's pairs have in common is looked up in a join.
 */
final class JudgedQueries implements Iterator<JudgedQuery> {
  private static final String TABLE = "table";

  /** Places of the columns of {@link #rows}. */
  private static final int IN_TABLE = 0;

  private static final int QUERY = 1;
  private static final int CANDIDATE = 2;
  private static final int CONTENT = 3;
  private static final int RANK = 4;
  private static final int SIMILARITY = 5;
  private static final int MARGIN = 6;
  private static final int SCORE = 7;

  private final Iterator<Row> rows;
  private Row next;
  private Optional<JudgedQuery> query;

  /**
   * @param rows of {@link #rows}, those of one query after each other
   */
  JudgedQueries(Iterator<Row> rows) {
    this.rows = rows;
    this.next = following();
    this.query = read();
  }

  /** Rows of a query follow each other. */
  static Dataset<Row> rows(JobContext context) {
    Dataset<Row> hashes =
        context.read(Tables.CANDIDATES).select(Tables.CANDIDATE_ID, Tables.CONTENT_HASH);
    Dataset<Row> retrieved = context.read(Tables.RETRIEVED);
    Dataset<Row> positives = context.read(Tables.POSITIVES);
    Dataset<Row> pairs =
        named(retrieved, Tables.RETRIEVED)
            .unionByName(named(positives, Tables.POSITIVES), true)
            .join(hashes, new String[] {Tables.CANDIDATE_ID}, "left");
    return pairs
        .unionByName(named(context.read(Tables.SCORED), Tables.SCORED), true)
        .unionByName(named(context.read(Tables.QUERIES), Tables.QUERIES), true)
        .select(
            TABLE,
            Tables.QUERY_ID,
            Tables.CANDIDATE_ID,
            Tables.CONTENT_HASH,
            Tables.RANK,
            Tables.SIMILARITY,
            Tables.MARGIN,
            Tables.SCORE)
        .repartition(col(Tables.QUERY_ID))
        .sortWithinPartitions(Tables.QUERY_ID);
  }

  private static Dataset<Row> named(Dataset<Row> rows, String table) {
    return rows.withColumn(TABLE, lit(table));
  }

  @Override
  public boolean hasNext() {
    return query.isPresent();
  }

  @Override
  public JudgedQuery next() {
    JudgedQuery current = query.orElseThrow(NoSuchElementException::new);
    query = read();
    return current;
  }

  /** The next query that has a pair. */
  private Optional<JudgedQuery> read() {
    while (next != null) {
      QueryRows query = new QueryRows(next.getString(QUERY));
      while (next != null && next.getString(QUERY).equals(query.id)) {
        query.add(next);
        next = following();
      }
      if (query.hasPairs()) {
        return Optional.of(query.judged());
      }
    }
    return Optional.empty();
  }

  private Row following() {
    return rows.hasNext() ? rows.next() : null;
  }

  /** The rows of one query. */
  private static final class QueryRows {
    private final String id;
    private final Map<String, Row> retrieved = new LinkedHashMap<>();
    private final Map<String, Row> positives = new LinkedHashMap<>();
    private final Map<String, Row> scored = new LinkedHashMap<>();
    private String contentHash;

    QueryRows(String id) {
      this.id = id;
    }

    void add(Row row) {
      switch (row.getString(IN_TABLE)) {
        case Tables.RETRIEVED -> retrieved.put(row.getString(CANDIDATE), row);
        case Tables.POSITIVES -> positives.put(row.getString(CANDIDATE), row);
        case Tables.SCORED -> scored.put(row.getString(CANDIDATE), row);
        default -> contentHash = row.getString(CONTENT);
      }
    }

    /** Scores of pairs that are retrieved no more are none. */
    boolean hasPairs() {
      return !retrieved.isEmpty() || !positives.isEmpty();
    }

    JudgedQuery judged() {
      List<Candidate> candidates = new ArrayList<>(candidates(retrieved.values()));
      List<Positive> labelled = new ArrayList<>();
      for (Candidate positive : candidates(positives.values())) {
        String candidate = positive.candidateId();
        labelled.add(new Positive(candidate, positive.contentHash(), positive.score()));
        if (positive.isJudged() && !retrieved.containsKey(candidate)) {
          candidates.add(positive); // so that it gets its decision like any judged pair
        }
      }
      return new JudgedQuery(id, contentHash, labelled, candidates);
    }

    /** With the judge's margin and score of each pair; null where unknown. */
    private List<Candidate> candidates(Collection<Row> pairs) {
      return pairs.stream()
          .map(
              pair -> {
                Row score = scored.get(pair.getString(CANDIDATE));
                return new Candidate(
                    pair.getString(CANDIDATE),
                    pair.getString(CONTENT),
                    pair.getAs(RANK),
                    pair.getAs(SIMILARITY),
                    score == null ? null : score.getAs(MARGIN),
                    score == null ? null : score.getAs(SCORE));
              })
          .toList();
    }
  }
}
