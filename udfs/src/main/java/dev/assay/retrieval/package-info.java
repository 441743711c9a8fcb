/**
 * Exact nearest neighbours by cosine, without Spark.
 *
 * <p>{@link dev.assay.retrieval.ExactTopK} holds a block of queries and is shown the candidates
 * block by block; what it keeps in the end does not depend on how they were cut into blocks.
 */
package dev.assay.retrieval;
