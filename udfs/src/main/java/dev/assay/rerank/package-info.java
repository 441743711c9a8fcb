/**
 * The reranker: which of these candidates meets the query best?
 *
 * <p>UniME-V2's reranker (arXiv 2510.13515) works in two ways. <em>Pairwise</em> it is a
 * {@linkplain dev.assay.judge judge}: Yes or No to one pair. <em>Listwise</em> it is shown all
 * candidates of a query, numbered, and answers with the number of the best: {@link
 * dev.assay.rerank.ListReranker} reads how probable each number is. Nothing here needs training;
 * training builds on this package.
 */
package dev.assay.rerank;
