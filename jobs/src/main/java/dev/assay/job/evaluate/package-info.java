/**
 * Measures embedders and rerankers on queries whose positives are known.
 *
 * <p>{@link dev.assay.job.evaluate.RetrievalTest} and {@link dev.assay.job.evaluate.ChoiceTest}
 * turn embeddings, and the scores of a {@link dev.assay.job.evaluate.Reranking}, into one {@link
 * dev.assay.job.evaluate.Outcomes outcome} for each query and {@link
 * dev.assay.job.evaluate.Metric}; from there on it is small numbers on the driver: means, {@link
 * dev.assay.job.evaluate.Bootstrap intervals}, averages over datasets.
 */
package dev.assay.job.evaluate;
