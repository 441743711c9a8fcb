/**
 * Keeps a workspace for one writer at a time. {@link dev.assay.job.lock.WriterLock} says who that
 * is, and takes from a writer that was given up for dead the means to change anything.
 */
package dev.assay.job.lock;
