package dev.assay.job.ingest.input;

import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A format's rows, as found. */
public interface Input extends AutoCloseable {
  /** Queries and candidates, content not yet hashed. */
  JavaRDD<FoundItem> items();

  JavaRDD<FoundPair> positives();

  /**
   * Mined negatives, where the format has them: the columns of {@code negatives} and {@link
   * Found#ORDINAL}. They may name items that cannot be used.
   */
  default Optional<Dataset<Row>> negatives() {
    return Optional.empty();
  }

  /**
   * The candidates to choose from, where the format offers them: query_id, candidate_id and place
   * (0 is right). They may name items that cannot be used.
   */
  default Optional<Dataset<Row>> choices() {
    return Optional.empty();
  }

  /** The paths and URIs of all images that the items name, with repetitions and nulls. */
  JavaRDD<String> images();

  /** Releases what was kept between reads. */
  @Override
  default void close() {}
}
