package dev.assay.job.demo;

import dev.assay.scenes.dataset.SceneDataset;
import dev.assay.scenes.world.Attribute;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a rule's negatives are like.
 *
 * @param queries with at least one negative
 * @param negatives in all lists together
 * @param met how many of them are in truth met: wrong negatives
 * @param similarity mean cosine to the query: how hard they are
 * @param distinct different candidates
 * @param oneAttribute how many of them fail the query in one attribute only
 * @param attributes how many of them fail it in each attribute
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
