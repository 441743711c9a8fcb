package dev.assay.job.evaluate;

import dev.assay.job.TestSpark;
import dev.assay.job.retrieve.TestTables;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Queries and candidates of a few datasets, and what is right. An item's text is its content. */
final class EvaluationWorld {
  record Item(String id, String dataset, String text) {}

  record Pair(String query, String candidate) {}

  final List<Item> queries = new ArrayList<>();
  final List<Item> candidates = new ArrayList<>();
  final Set<Pair> positives = new LinkedHashSet<>();
  final Set<Pair> choices = new LinkedHashSet<>();

  EvaluationWorld query(String id, String dataset, String text) {
    queries.add(new Item(id, dataset, text));
    return this;
  }

  EvaluationWorld candidate(String id, String dataset, String text) {
    candidates.add(new Item(id, dataset, text));
    return this;
  }

  EvaluationWorld positive(String query, String candidate) {
    positives.add(new Pair(query, candidate));
    return this;
  }

  EvaluationWorld choice(String query, String... offered) {
    for (String candidate : offered) {
      choices.add(new Pair(query, candidate));
    }
    return this;
  }

  /**
   * Random items: some of equal content, some of other content but equal vector, some without a
   * vector; queries with several positives, with one in another dataset, with none, with choices.
   */
  static EvaluationWorld random(long seed) {
    Random random = new Random(seed);
    EvaluationWorld world = new EvaluationWorld();
    for (int i = 0; i < 60; i++) {
      world.candidate("c" + i, "set" + random.nextInt(3), text(random, "c"));
    }
    for (int i = 0; i < 40; i++) {
      Item query = new Item("q" + i, "set" + random.nextInt(3), text(random, "q"));
      world.queries.add(query);
      List<String> own = new ArrayList<>();
      for (Item candidate : world.candidates) {
        if (candidate.dataset().equals(query.dataset()) || random.nextInt(10) == 0) {
          own.add(candidate.id());
        }
      }
      for (int p = random.nextInt(4); p > 0; p--) {
        world.positive(query.id(), own.get(random.nextInt(own.size())));
      }
      if (i % 4 == 0) {
        world.positive(query.id(), own.get(0));
        world.choice(
            query.id(), own.subList(0, 1 + random.nextInt(own.size())).toArray(String[]::new));
      }
    }
    return world;
  }

  private static String text(Random random, String kind) {
    if (random.nextInt(12) == 0) {
      return "nan " + kind + random.nextInt(3);
    }
    return kind + random.nextInt(40) + (random.nextInt(4) == 0 ? "#" + random.nextInt(2) : "");
  }

  Workspace write(String folder, int partitions) {
    Workspace workspace = Workspace.open(TestSpark.session(), folder);
    TestTables.write(workspace, Tables.QUERIES, items(queries), partitions);
    TestTables.write(workspace, Tables.CANDIDATES, items(candidates), partitions);
    TestTables.write(workspace, Tables.POSITIVES, pairs(positives), partitions);
    List<Row> offered = new ArrayList<>();
    for (Pair choice : choices) {
      offered.add(RowFactory.create(choice.query(), choice.candidate(), offered.size()));
    }
    if (!offered.isEmpty()) {
      TestTables.write(workspace, Tables.CHOICES, offered, partitions);
    }
    return workspace;
  }

  private static List<Row> items(List<Item> items) {
    return items.stream()
        .map(i -> RowFactory.create(i.id(), i.dataset(), i.text(), null, "hash of " + i.text()))
        .toList();
  }

  private static List<Row> pairs(Set<Pair> pairs) {
    return pairs.stream().map(p -> RowFactory.create(p.query(), p.candidate())).toList();
  }

  Item query(String id) {
    return queries.stream().filter(q -> q.id().equals(id)).findFirst().orElseThrow();
  }

  Item candidate(String id) {
    return candidates.stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }

  /** The queries that come with choices. */
  Set<String> choosing() {
    Set<String> ids = new TreeSet<>();
    choices.forEach(choice -> ids.add(choice.query()));
    return ids;
  }
}
