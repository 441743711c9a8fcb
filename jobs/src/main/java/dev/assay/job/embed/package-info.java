/** Embeds the items of queries and candidates, each distinct content once. */
package dev.assay.job.embed;
