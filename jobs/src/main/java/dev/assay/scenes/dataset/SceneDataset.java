package dev.assay.scenes.dataset;

import dev.assay.scenes.source.SceneSource;
import dev.assay.scenes.source.Split;
import dev.assay.scenes.world.Attribute;
import dev.assay.scenes.world.Scene;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Queries, candidates, and one labelled positive for each query. As in real data, more candidates
 * meet a query than are labelled. Unlike in real data, it is known which.
 *
 * <p>The candidates hold for each query: the labelled positive, others that meet the query too, and
 * some that differ in one thing only. The other candidates are made for no query.
 */
public final class SceneDataset {
  private static final int ALSO_TRUE = 2;
  private static final int NEAR_MISSES = 4;

  private final Map<String, SceneItem> queries = new LinkedHashMap<>();
  private final Map<String, SceneItem> candidates = new LinkedHashMap<>();
  private final Map<String, String> positives = new LinkedHashMap<>();

  private SceneDataset() {}

  /**
   * Makes a dataset. Equal arguments give equal datasets.
   *
   * @param queries of each task
   * @param candidates of each task, at least {@link #fewestCandidates}
   */
  public static SceneDataset of(Split split, long seed, int queries, int candidates) {
    if (candidates < fewestCandidates(queries)) {
      throw new IllegalArgumentException(
          "Cannot make " + candidates + " candidates for " + queries + " queries");
    }
    SceneDataset dataset = new SceneDataset();
    SplittableRandom random = new SplittableRandom(seed);
    for (Task task : Task.values()) {
      Random order = new Random(random.nextLong());
      dataset.fill(task, new SceneSource(split, random.split()), queries, candidates, order);
    }
    return dataset;
  }

  /** All candidates that meet each query, labelled or not. */
  public Map<String, List<String>> truth() {
    Map<String, List<String>> met = new LinkedHashMap<>();
    for (SceneItem query : queries.values()) {
      met.put(
          query.id(),
          candidates.values().stream()
              .filter(c -> c.task() == query.task() && query.missing(c).isEmpty())
              .map(SceneItem::id)
              .toList());
    }
    return met;
  }

  /** The labelled positive of each query. */
  public Map<String, List<String>> labels() {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    positives.forEach((query, positive) -> labels.put(query, List.of(positive)));
    return labels;
  }

  /** The number of candidates that a number of queries needs. */
  public static int fewestCandidates(int queries) {
    return Math.multiplyExact(queries, 1 + ALSO_TRUE + NEAR_MISSES);
  }

  private void fill(Task task, SceneSource source, int queries, int count, Random order) {
    List<SceneItem> pool = new ArrayList<>();
    Map<SceneItem, SceneItem> labelled = new LinkedHashMap<>();
    for (int i = 0; i < queries; i++) {
      String id = String.format(Locale.ROOT, "%s-q%04d", task.label(), i);
      SceneItem query = query(id, task, source);
      List<SceneItem> related = related(query, source);
      labelled.put(query, related.get(0));
      pool.addAll(related);
    }
    while (pool.size() < count) {
      pool.add(unrelated(task, source));
    }
    Collections.shuffle(pool, order); // so that an id gives nothing away
    IdentityHashMap<SceneItem, String> ids = new IdentityHashMap<>();
    for (int i = 0; i < pool.size(); i++) {
      SceneItem named = pool.get(i).named(String.format(Locale.ROOT, "%s-c%05d", task.label(), i));
      ids.put(pool.get(i), named.id());
      candidates.put(named.id(), named);
    }
    labelled.forEach(
        (query, positive) -> {
          this.queries.put(query.id(), query);
          positives.put(query.id(), ids.get(positive));
        });
  }

  private static SceneItem query(String id, Task task, SceneSource source) {
    return switch (task) {
      case TEXT_TO_IMAGE -> SceneItem.text(id, task, source.captionOf(source.scene()));
      case IMAGE_TO_TEXT -> SceneItem.image(id, task, source.scene());
      case CHANGED_IMAGE -> {
        SceneSource.Wish wish = source.wish();
        yield SceneItem.changed(id, task, wish.scene(), wish.change());
      }
    };
  }

  /** The labelled positive, then others that meet the query, then near misses. */
  private static List<SceneItem> related(SceneItem query, SceneSource source) {
    List<SceneItem> items = new ArrayList<>();
    for (int i = 0; i <= ALSO_TRUE; i++) {
      items.add(met(query, source));
    }
    for (int i = 0; i < NEAR_MISSES; i++) {
      nearMiss(query, source).ifPresent(items::add);
    }
    return items;
  }

  private static SceneItem met(SceneItem query, SceneSource source) {
    return switch (query.task()) {
      case TEXT_TO_IMAGE -> SceneItem.image("", query.task(), source.sceneOf(query.caption()));
      case IMAGE_TO_TEXT -> SceneItem.text("", query.task(), source.captionOf(query.scene()));
      case CHANGED_IMAGE -> {
        Scene wanted = query.wanted();
        yield SceneItem.image("", query.task(), source.rearranged(wanted).orElse(wanted));
      }
    };
  }

  private static Optional<SceneItem> nearMiss(SceneItem query, SceneSource source) {
    Task task = query.task();
    return switch (task) {
      case TEXT_TO_IMAGE ->
          source
              .nearMissOf(source.sceneOf(query.caption()), query.caption())
              .map(scene -> SceneItem.image("", task, scene));
      case IMAGE_TO_TEXT ->
          source
              .nearMissOf(source.captionOf(query.scene()), query.scene())
              .map(caption -> SceneItem.text("", task, caption));
      case CHANGED_IMAGE ->
          source.nearMissOf(query.wanted()).map(scene -> SceneItem.image("", task, scene));
    };
  }

  private static SceneItem unrelated(Task task, SceneSource source) {
    return switch (task) {
      case TEXT_TO_IMAGE -> SceneItem.image("", task, source.scene());
      case IMAGE_TO_TEXT -> SceneItem.text("", task, source.captionOf(source.scene()));
      case CHANGED_IMAGE -> SceneItem.image("", task, source.scene(2));
    };
  }

  /** By id, in the order in which they were made. */
  public Map<String, SceneItem> queries() {
    return Collections.unmodifiableMap(queries);
  }

  /** By id, in the order in which they were made. */
  public Map<String, SceneItem> candidates() {
    return Collections.unmodifiableMap(candidates);
  }

  /** The one labelled candidate of each query, by the query's id. */
  public Map<String, String> positives() {
    return Collections.unmodifiableMap(positives);
  }

  /** Whether a candidate truly meets a query. */
  public boolean isMet(String query, String candidate) {
    return missing(query, candidate).isEmpty();
  }

  /** The fewest attributes of a candidate that would have to change to meet a query. */
  public Set<Attribute> missing(String query, String candidate) {
    return queries.get(query).missing(candidates.get(candidate));
  }
}
