/**
 * Hugging Face checkpoints, read from and written to any Hadoop file system.
 *
 * <p>Only safetensors are read, never pickle. A folder that cannot be used is refused with a {@link
 * dev.assay.checkpoint.CheckpointException} before any weight is loaded.
 *
 * <ul>
 *   <li>this package: the folder and its files
 *   <li>{@code tensors}: the safetensors files of a folder, and the names of tensors
 *   <li>{@code config}: what {@code config.json} says
 *   <li>{@code adapter}: LoRA adapters as PEFT writes them
 *   <li>{@code fingerprint}: a short name for everything that a checkpoint's results depend on
 *   <li>{@code weights}: a checkpoint's weights, with an adapter's updates added
 *   <li>{@code writing}: writes checkpoints and adapters
 * </ul>
 */
package dev.assay.checkpoint;
