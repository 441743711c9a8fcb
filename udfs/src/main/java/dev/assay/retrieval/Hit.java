package dev.assay.retrieval;

import java.util.Comparator;

/**
 * A candidate near a query.
 *
 * @param candidateId its id
 * @param similarity {@link Similarity} with the query
 * @param reason why the query may not retrieve it, or null if it may
 */
public record Hit(String candidateId, float similarity, Exclusion.Reason reason) {
  /** Most similar first; ties by candidate id ({@link IdOrder}). */
  public static final Comparator<Hit> NEAREST_FIRST =
      (a, b) -> {
        int bySimilarity = Float.compare(b.similarity, a.similarity);
        return bySimilarity != 0
            ? bySimilarity
            : IdOrder.INSTANCE.compare(a.candidateId, b.candidateId);
      };
}
