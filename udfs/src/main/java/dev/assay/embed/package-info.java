/**
 * The embedder: an item becomes one vector, the last token's hidden state of its plain prompt at
 * length 1 (the paper's pooling, arXiv 2510.13515).
 */
package dev.assay.embed;
