package dev.assay.job.demo;

import dev.assay.scenes.dataset.SceneDataset;
import dev.assay.scenes.world.Attribute;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The quality of a rule's negatives.
 *
 * @param queries the number of queries with at least one negative
 * @param negatives the number of negatives in all lists together
 * @param met the number of negatives that truly meet the query, and are wrong
 * @param similarity the mean cosine to the query; higher is harder
 * @param distinct the number of different candidates
 * @param oneAttribute the number of negatives that differ in one attribute only
 * @param attributes the number of negatives that differ in each attribute
 */
record NegativesQuality(
    long queries,
    long negatives,
    long met,
    double similarity,
    long distinct,
    long oneAttribute,
    Map<Attribute, Long> attributes) {

  static NegativesQuality of(Map<String, List<Ranked>> lists, SceneDataset scenes) {
    long queries = 0;
    long negatives = 0;
    long met = 0;
    double similarity = 0;
    long oneAttribute = 0;
    Set<String> distinct = new HashSet<>();
    Map<Attribute, Long> attributes = new TreeMap<>();
    for (Map.Entry<String, List<Ranked>> list : lists.entrySet()) {
      queries += list.getValue().isEmpty() ? 0 : 1;
      for (Ranked negative : list.getValue()) {
        Set<Attribute> missing = scenes.missing(list.getKey(), negative.candidateId());
        negatives++;
        met += missing.isEmpty() ? 1 : 0;
        oneAttribute += missing.size() == 1 ? 1 : 0;
        missing.forEach(attribute -> attributes.merge(attribute, 1L, Long::sum));
        similarity += negative.similarity();
        distinct.add(negative.candidateId());
      }
    }
    return new NegativesQuality(
        queries,
        negatives,
        met,
        negatives == 0 ? Double.NaN : similarity / negatives,
        distinct.size(),
        oneAttribute,
        attributes);
  }

  double metShare() {
    return (double) met / negatives;
  }

  double oneAttributeShare() {
    return (double) oneAttribute / negatives;
  }

  double share(Attribute attribute) {
    return attributes.getOrDefault(attribute, 0L) / (double) negatives;
  }
}
