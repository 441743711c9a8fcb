/**
 * What is expensive to compute is kept by content: embeddings and margins. A {@link
 * dev.assay.job.store.ResultStore} grows slice by slice, each committed when it is done, so that a
 * job that was killed goes on where it was, and another job pays only for what is new.
 */
package dev.assay.job.store;
