/**
 * The weights that a model computes with: those of the checkpoint with an adapter's updates added,
 * and the choice of its output head.
 */
package dev.assay.checkpoint.weights;
