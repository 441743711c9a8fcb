/** Rerankers: pair by pair, or a whole list at once. */
package dev.assay.job.evaluate.rerank;
