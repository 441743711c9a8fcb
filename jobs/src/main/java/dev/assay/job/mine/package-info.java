/**
 * Mines hard negatives from the judge's scores (UniME-V2, "hard negatives").
 *
 * <p>{@link dev.assay.job.mine.MiningRule} is the rule itself, for one query and without Spark: its
 * input is a {@link dev.assay.job.mine.JudgedQuery}, its result a {@link
 * dev.assay.job.mine.MinedQuery}. {@link dev.assay.job.mine.MineJob} applies it to every query of
 * the {@code scored} table.
 */
package dev.assay.job.mine;
