/** Losses on the cosines of queries and candidates, and their gradients. */
package dev.assay.train.loss;
