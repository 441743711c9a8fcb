package dev.assay.job.ingest.images;

import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.item.ContentHash;
import dev.assay.job.ingest.check.TextLimit;
import dev.assay.job.ingest.input.FoundItem;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Gives an item its content hash, or the reason why it has none: by reading its image, or from what
 * an earlier run remembered of an unchanged file. A storage error passes through and fails the
 * task, so that Spark runs it again.
 *
 * @param limit of the texts in the tables
 */
public record ReadImages(
    String imageRoot, TextLimit limit, Broadcast<SerializableConfiguration> hadoop)
    implements Serializable {

  /** A task's reader. */
  Reader reader() {
    Configuration configuration = hadoop.value().value();
    return new Reader(limit, ImageFolder.at(imageRoot, configuration), configuration);
  }

  record Reader(TextLimit limit, ImageFolder images, Configuration hadoop) {

    /** The item with its hash or a reason. */
    FoundItem read(FoundItem item) {
      if (!item.usable()) {
        return item;
      }
      try {
        return item.withContent(ItemCheck.content(item.text(), item.image(), limit, images));
      } catch (BadItemException e) {
        return item.refused(e.reason(), e.detail());
      }
    }

    /** The same, but a file that is known and unchanged is not read. */
    HashedItem read(FoundItem item, Iterable<FileHash> known) {
      Optional<Path> file = file(item);
      Optional<FileStamp> before = file.flatMap(this::stamp);
      if (before.isEmpty()) {
        return new HashedItem(read(item), null);
      }
      for (FileHash one : known) {
        if (one.version().equals(before.get().version())) {
          return new HashedItem(item.withContent(one.content()), null);
        }
      }
      Instant now = Instant.now();
      FoundItem hashed = read(item);
      // The same before and after: these are the bytes that were read.
      boolean sure =
          hashed.usable() && before.get().isSettled(now) && before.equals(stamp(file.get()));
      return new HashedItem(hashed, sure ? learned(hashed, file.get(), before.get()) : null);
    }

    private FileHash learned(FoundItem item, Path file, FileStamp stamp) {
      return new FileHash(file.toString(), textHash(item), stamp.version(), item.content());
    }

    /** Equal for items of one file and text. An item without a file has a key of its own. */
    String key(FoundItem item) {
      return file(item)
          .map(path -> FileHash.key(path.toString(), textHash(item)))
          .orElseGet(() -> item.kind() + " " + item.source());
    }

    private String textHash(FoundItem item) {
      return ContentHash.of(limit.cut(item.text()), null);
    }

    /** Where the item's image most probably lies. A file found elsewhere is always read. */
    private Optional<Path> file(FoundItem item) {
      if (!item.usable() || item.image() == null) {
        return Optional.empty();
      }
      try {
        return images.locate(item.image()).stream().findFirst();
      } catch (BadItemException | IllegalArgumentException e) {
        return Optional.empty(); // no file of its own, or unusable: reading it says why
      }
    }

    private Optional<FileStamp> stamp(Path file) {
      try {
        return FileStamp.of(file, hadoop);
      } catch (IOException | IllegalArgumentException e) {
        return Optional.empty(); // reading it says why
      }
    }
  }
}
