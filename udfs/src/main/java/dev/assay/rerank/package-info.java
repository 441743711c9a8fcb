/**
 * The reranker: which of these candidates meets the query best?
 *
 * <p>UniME-V2's reranker (arXiv 2510.13515) answers in two ways. <em>Pairwise</em> it is a {@link
 * dev.assay.judge.Judge}: Yes or No to one pair. <em>Listwise</em> it is shown all candidates of a
 * query, numbered, and says the number of the best: {@link dev.assay.rerank.Reranker} reads how
 * probable each number is. Nothing here needs training; training builds on this package.
 */
package dev.assay.rerank;
