/**
 * Hugging Face checkpoint folders: what they say ({@code config.json}) and what they hold
 * (safetensors, one file or sharded by an index), on any Hadoop file system. LoRA adapters as PEFT
 * writes them, laid over their base as its weights are read. Both are written, too: whole or not at
 * all.
 *
 * <p>Only safetensors are read, never pickle. A folder that is not understood is refused with a
 * {@link dev.assay.checkpoint.CheckpointException} before any weight is loaded.
 */
package dev.assay.checkpoint;
