/**
 * How tasks use a checkpoint. {@link dev.assay.session.LoadedCheckpoint} is loaded once and shared;
 * {@link dev.assay.session.ModelSession} is what one task has for itself. Judge, embedder and
 * reranker are built on a session.
 */
package dev.assay.session;
