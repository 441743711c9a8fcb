/**
 * Fused tensor operations that DJL's {@code NDArray} lacks (bfloat16, attention, RMS norm).
 *
 * <p>They are written as TorchScript text, a resource file for each topic, and compiled by the
 * engine when a model is loaded. Kernels read the weights of a block by their names in the
 * checkpoint, and sizes such as the number of heads from the shapes of arrays, because a method
 * that is run with autograd can take nothing but arrays.
 */
package dev.assay.kernels;
