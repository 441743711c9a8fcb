/**
 * Measures embedders and rerankers on queries whose positives are known.
 *
 * <p>The tasks of package {@code task} turn embeddings, and the scores of a reranker from package
 * {@code rerank}, into one outcome for each query and metric. Package {@code figures} turns these
 * into means with intervals, and into the report.
 */
package dev.assay.job.evaluate;
