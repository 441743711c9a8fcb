/** A model in training: its trained weights, and forward and backward passes with gradients. */
package dev.assay.model.training;
