/**
 * Qwen2-VL and Qwen2.5-VL on DJL: vision tower, decoder, and the two together.
 *
 * <p>Sequences are never padded: a <em>pack</em> lays the tokens of many sequences end to end, and
 * attention keeps each to itself. A pack may stand on a <em>past</em>, the keys and values of a
 * common beginning that was run once. The vision tower packs images the same way. Nothing here cuts
 * gradients; whether they are wanted is the {@link dev.assay.kernels.Kernels}' mode.
 *
 * <p>Reference: transformers' {@code modeling_qwen2_vl.py} and {@code modeling_qwen2_5_vl.py}.
 */
package dev.assay.model;
