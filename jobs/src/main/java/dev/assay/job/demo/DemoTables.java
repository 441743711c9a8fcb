package dev.assay.job.demo;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.assay.job.JobContext;
import dev.assay.job.workspace.Tables;
import dev.assay.scenes.dataset.SceneDataset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The tables of the demo, in memory, since they are small.
 *
 * @param scenes the input, and the truth about it
 * @param nearest the most similar candidates of each query without its positive, most similar first
 * @param positive the labelled positive of each query
 * @param mined the negatives of each query, in order
 * @param falseNegatives the candidates of each query that mining treated as unlabelled positives
 */
record DemoTables(
    SceneDataset scenes,
    Map<String, List<Ranked>> nearest,
    Map<String, Ranked> positive,
    Map<String, List<Ranked>> mined,
    Map<String, List<Ranked>> falseNegatives) {

  static DemoTables read(JobContext context, SceneDataset scenes) {
    Map<String, Map<String, Float>> margins = margins(context);
    Map<String, List<Ranked>> nearest = nearest(context, scenes, margins);
    Map<String, Ranked> positive = new TreeMap<>();
    for (Row row : positiveSimilarities(context).collectAsList()) {
      String query = row.getString(0);
      positive.put(query, ranked(scenes, margins, query, row.getString(1), row.getDouble(2)));
    }
    Map<String, List<Ranked>> mined = new TreeMap<>();
    for (Row row : context.read(Tables.NEGATIVES).collectAsList()) {
      String query = row.getAs(Tables.QUERY_ID);
      List<Ranked> list = new ArrayList<>();
      for (Row negative : row.<Row>getList(row.fieldIndex(Tables.NEGATIVES))) {
        String candidate = negative.getAs(Tables.CANDIDATE_ID);
        Float similarity = negative.getAs(Tables.SIMILARITY);
        list.add(ranked(scenes, margins, query, candidate, similarity));
      }
      mined.put(query, list);
    }
    return new DemoTables(scenes, nearest, positive, mined, falseNegatives(context, nearest));
  }

  private static Map<String, Map<String, Float>> margins(JobContext context) {
    Map<String, Map<String, Float>> margins = new HashMap<>();
    Dataset<Row> scored = context.read(Tables.SCORED);
    for (Row row :
        scored.select(Tables.QUERY_ID, Tables.CANDIDATE_ID, Tables.MARGIN).collectAsList()) {
      margins
          .computeIfAbsent(row.getString(0), q -> new HashMap<>())
          .put(row.getString(1), row.getFloat(2));
    }
    return margins;
  }

  /** The ranking without the limit of similarity: retrieved and too similar candidates together. */
  private static Map<String, List<Ranked>> nearest(
      JobContext context, SceneDataset scenes, Map<String, Map<String, Float>> margins) {
    Dataset<Row> retrieved =
        context
            .read(Tables.RETRIEVED)
            .select(Tables.QUERY_ID, Tables.CANDIDATE_ID, Tables.SIMILARITY);
    Dataset<Row> tooSimilar =
        context
            .read(Tables.EXCLUDED)
            .where(col(Tables.REASON).equalTo("above_similarity"))
            .select(Tables.QUERY_ID, Tables.CANDIDATE_ID, Tables.SIMILARITY);
    Map<String, List<Ranked>> nearest = new TreeMap<>();
    for (Row row : retrieved.union(tooSimilar).collectAsList()) {
      String query = row.getString(0);
      nearest
          .computeIfAbsent(query, q -> new ArrayList<>())
          .add(ranked(scenes, margins, query, row.getString(1), row.getFloat(2)));
    }
    Comparator<Ranked> order =
        Comparator.comparingDouble(Ranked::similarity)
            .reversed()
            .thenComparing(Ranked::candidateId);
    nearest.values().forEach(list -> list.sort(order));
    return nearest;
  }

  /** query_id, candidate_id, cosine. */
  private static Dataset<Row> positiveSimilarities(JobContext context) {
    Dataset<Row> queries =
        context
            .read(Tables.QUERY_EMBEDDINGS)
            .select(col(Tables.QUERY_ID), col(Tables.EMBEDDING).as("q"));
    Dataset<Row> candidates =
        context
            .read(Tables.CANDIDATE_EMBEDDINGS)
            .select(col(Tables.CANDIDATE_ID), col(Tables.EMBEDDING).as("c"));
    return context
        .read(Tables.POSITIVES)
        .join(queries, Tables.QUERY_ID)
        .join(candidates, Tables.CANDIDATE_ID)
        .select(
            col(Tables.QUERY_ID),
            col(Tables.CANDIDATE_ID),
            expr("aggregate(zip_with(q, c, (x, y) -> double(x) * y), 0D, (s, x) -> s + x)"));
  }

  private static Map<String, List<Ranked>> falseNegatives(
      JobContext context, Map<String, List<Ranked>> nearest) {
    Map<String, List<String>> ids = new HashMap<>();
    for (Row row :
        context
            .read(Tables.DECISIONS)
            .where(col(Tables.DECISION).equalTo("false_negative"))
            .select(Tables.QUERY_ID, Tables.CANDIDATE_ID)
            .collectAsList()) {
      ids.computeIfAbsent(row.getString(0), q -> new ArrayList<>()).add(row.getString(1));
    }
    Map<String, List<Ranked>> dropped = new TreeMap<>();
    nearest.forEach(
        (query, list) -> {
          List<String> own = ids.getOrDefault(query, List.of());
          dropped.put(query, list.stream().filter(r -> own.contains(r.candidateId())).toList());
        });
    return dropped;
  }

  private static Ranked ranked(
      SceneDataset scenes,
      Map<String, Map<String, Float>> margins,
      String query,
      String candidate,
      double similarity) {
    return new Ranked(
        candidate,
        similarity,
        margins.getOrDefault(query, Map.of()).get(candidate),
        scenes.isMet(query, candidate));
  }
}
