/**
 * One Spark task of a Transformer. {@link dev.assay.udf.task.RowTask} is the same for all: it opens
 * the model, reads rows in batches, appends the results and closes the model. {@link
 * dev.assay.udf.task.ItemEmbedding}, {@link dev.assay.udf.task.PairJudging} and {@link
 * dev.assay.udf.task.ListRanking} are how the three put a batch to their model.
 */
package dev.assay.udf.task;
