/**
 * Qwen2-VL and Qwen2.5-VL on DJL: vision tower, decoder, and the two together.
 *
 * <p>A <em>pack</em> joins the tokens of many sequences without padding, and attention keeps the
 * sequences apart. A pack may continue a <em>past</em>, the keys and values of a common beginning
 * that is computed once. The vision tower packs images in the same way. Whether gradients are
 * computed depends on the mode of the {@link dev.assay.kernels.Kernels}.
 *
 * <p>Reference: transformers' {@code modeling_qwen2_vl.py} and {@code modeling_qwen2_5_vl.py}.
 */
package dev.assay.model;
