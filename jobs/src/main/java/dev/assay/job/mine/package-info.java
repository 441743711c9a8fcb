/**
 * Mines hard negatives from the judge's scores (UniME-V2, "hard negatives").
 *
 * <p>{@link dev.assay.job.mine.MiningRule} is the rule itself, for one query and without Spark:
 * what the judge said goes in as a {@link dev.assay.job.mine.JudgedQuery}, a {@link
 * dev.assay.job.mine.MinedQuery} comes out. {@link dev.assay.job.mine.MineJob} applies it to every
 * query of the {@code scored} table.
 */
package dev.assay.job.mine;
