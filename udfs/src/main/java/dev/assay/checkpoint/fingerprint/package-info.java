/**
 * A short name for everything in a checkpoint that results depend on. Every byte counts; hashes of
 * large files are remembered while their file system shows that they have not changed.
 */
package dev.assay.checkpoint.fingerprint;
