/** What it would cost to compute what a store has not. */
package dev.assay.job.store.estimate;
