/** What a job would do and cost, before it is run. */
package dev.assay.job.estimate;
