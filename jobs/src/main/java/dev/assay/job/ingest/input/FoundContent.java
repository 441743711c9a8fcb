package dev.assay.job.ingest.input;

import java.io.Serializable;

/**
 * An item's content as it was read.
 *
 * @param hash of text and image
 * @param imageHash of the image file alone, null if there is none
 * @param imageBytes length of the image file
 */
public record FoundContent(String hash, String imageHash, long imageBytes)
    implements Serializable {}
