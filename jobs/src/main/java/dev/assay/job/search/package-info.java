/**
 * Finds the candidates that are nearest to each query, exactly, on any number of executors.
 *
 * <p>Queries and candidates are cut into slices. Every pair of slices is one task, which streams
 * the blocks of its candidates past its queries ({@link dev.assay.retrieval.ExactTopK}). What the
 * tasks kept is merged by query ({@link dev.assay.job.search.SlicedSearch}).
 */
package dev.assay.job.search;
