package dev.assay.job.store;

/**
 * How many tokens a row has in the mean.
 *
 * @param alone if each row were computed by itself
 * @param run as rows are computed, what they share being run once
 */
public record TokenCounts(double alone, double run) {}
