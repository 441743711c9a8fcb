package dev.assay.job.store;

import dev.assay.job.workspace.Tables;
import java.util.List;

/**
 * A table that is a store.
 *
 * @param name among {@link Tables}
 * @param unit what a row is, in the plural, for people
 * @param verb what the job does with one, for people
 * @param key columns that identify a result; the last is the fingerprint of what computed it
 * @param value column of the result
 */
public record StoreTable(String name, String unit, String verb, List<String> key, String value) {
  /** Margins of pairs of contents. */
  public static final StoreTable SCORES =
      new StoreTable(
          Tables.SCORE_STORE,
          "pairs",
          "judge",
          List.of(Tables.QUERY_HASH, Tables.CANDIDATE_HASH, Tables.JUDGE),
          Tables.MARGIN);

  /** Probabilities that a content is the best of a list of contents. */
  public static final StoreTable LIST_SCORES =
      new StoreTable(
          Tables.LIST_SCORE_STORE,
          "candidates",
          "rank",
          List.of(Tables.QUERY_HASH, Tables.CANDIDATE_HASH, Tables.LIST, Tables.RERANKER),
          Tables.PROBABILITY);

  /** Embeddings of contents. */
  public static final StoreTable EMBEDDINGS =
      new StoreTable(
          Tables.EMBEDDING_STORE,
          "items",
          "embed",
          List.of(Tables.CONTENT_HASH, Tables.EMBEDDER),
          Tables.EMBEDDING);
}
