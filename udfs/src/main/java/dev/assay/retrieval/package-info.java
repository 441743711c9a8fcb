/**
 * Exact nearest neighbours by cosine, without Spark.
 *
 * <p>{@link dev.assay.retrieval.ExactTopK} holds a block of queries and takes the candidates block
 * by block. Its result does not depend on the size of the blocks.
 */
package dev.assay.retrieval;
