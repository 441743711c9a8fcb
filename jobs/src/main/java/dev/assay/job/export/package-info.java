/** Tables become files of others: JSON lines, or the list that UniME-V2's authors train on. */
package dev.assay.job.export;
