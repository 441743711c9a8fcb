/** Sequences of tokens as they go through a model together. */
package dev.assay.model.tokens;
