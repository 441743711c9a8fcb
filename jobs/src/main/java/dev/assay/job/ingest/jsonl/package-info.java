/** Three files of JSON lines. Tasks read parts of a file and still know their line numbers. */
package dev.assay.job.ingest.jsonl;
