/**
 * The embedder: an item becomes one vector. It is the hidden state of the last token of the item's
 * prompt, brought to length 1 (the paper's pooling, arXiv 2510.13515).
 */
package dev.assay.embed;
