/**
 * Turns input files into tables. {@code IngestJob} asks a format for its rows ({@code jsonl},
 * {@code mmeb}, {@code unime}, {@code sugarcrepe}), decides which rows can be used ({@code check}),
 * and writes the tables. What all formats share is in {@code input}.
 */
package dev.assay.job.ingest;
