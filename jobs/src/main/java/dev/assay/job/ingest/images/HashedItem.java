package dev.assay.job.ingest.images;

import dev.assay.job.ingest.input.FoundItem;
import java.io.Serializable;

/**
 * An item that was read.
 *
 * @param item with its content hash, or a reason why it has none
 * @param learned what to remember of it, or null
 */
public record HashedItem(FoundItem item, FileHash learned) implements Serializable {}
