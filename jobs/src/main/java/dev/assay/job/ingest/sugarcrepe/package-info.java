/** The JSON files of SugarCrepe: each image with a true and a false caption. */
package dev.assay.job.ingest.sugarcrepe;
