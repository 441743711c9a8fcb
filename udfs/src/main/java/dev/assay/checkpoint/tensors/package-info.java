/**
 * The safetensors files of a folder: which files they are, what their headers say, how tensors are
 * named and stored, and their bytes as they are stored.
 */
package dev.assay.checkpoint.tensors;
