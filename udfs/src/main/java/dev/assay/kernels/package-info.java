/**
 * Fused tensor operations that DJL's {@code NDArray} lacks (bfloat16, attention, RMS norm).
 *
 * <p>They are written as TorchScript text ({@code kernels.py} among the resources), packed into a
 * TorchScript archive in memory and compiled by the engine. Sizes such as the number of heads are
 * read from the shapes of the arrays, because a method that is run with autograd can take nothing
 * but arrays.
 */
package dev.assay.kernels;
