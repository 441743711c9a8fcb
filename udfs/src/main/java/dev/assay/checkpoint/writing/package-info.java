/**
 * Writes checkpoints, adapters and single safetensors files that transformers and PEFT load. A
 * folder appears when it is complete, or not at all.
 */
package dev.assay.checkpoint.writing;
