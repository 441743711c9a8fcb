/**
 * Retrieves the candidates that are nearest to each query and that it may use. {@link
 * dev.assay.job.retrieve.RetrieveJob} knows tables and rules, {@link dev.assay.job.search} finds
 * what is near.
 */
package dev.assay.job.retrieve;
