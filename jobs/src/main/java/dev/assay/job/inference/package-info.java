/**
 * What jobs compute with models: embeddings of items ({@link dev.assay.job.inference.EmbedItems})
 * and margins of pairs ({@link dev.assay.job.inference.JudgePairs}), for a {@link
 * dev.assay.job.store.ResultStore}. Several jobs use them, and none of them knows another.
 */
package dev.assay.job.inference;
