package dev.assay.model.training;

import ai.djl.ndarray.NDArray;

/**
 * The embeddings of a pack's tokens.
 *
 * @param vectors {@code [tokens, hidden]}, with image features in place
 * @param rows the rows of the table that they were made of, to get its gradient at these alone;
 *     null if the graph goes on to the table, or the table is not trained
 * @param ids the numbers of these rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EmbeddedTokens(NDArray vectors, NDArray rows, long[] ids) {}
