/**
 * Retrieves the candidates that are nearest to each query, exactly, on any number of executors.
 *
 * <p>Queries and candidates are cut into slices; every pair of slices is one task, which streams
 * the blocks of its candidates past its queries ({@link dev.assay.retrieval.ExactTopK}); what the
 * tasks kept is merged by query.
 */
package dev.assay.job.retrieve;
