package dev.assay.job.store;

import dev.assay.job.JobContext;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/**
 * What a {@link ResultStore} is filled with: margins of pairs, embeddings of items. Each step gives
 * the object that can do the next one: identify, load, compute.
 */
public interface Computation {
  /**
   * Column that {@link Identified#sign} appends: rows of equal value share work and stay in one
   * slice.
   */
  String TOGETHER = "__assay_together";

  /**
   * Finds out which model would compute. Loads no weights: perhaps nothing has to be computed.
   *
   * @throws dev.assay.job.failure.SettingsException if device or checkpoint cannot be used
   */
  Identified identify(JobContext context);

  /** A computation whose model is known and not yet loaded. */
  interface Identified {
    /**
     * Appends to each row the fingerprint of what would compute it (the last column of the store's
     * key), and {@link #TOGETHER}.
     */
    Dataset<Row> sign(Dataset<Row> wanted);

    /**
     * May replace {@link #TOGETHER} by values that more rows have in common, so that those that
     * share less than a side are in one slice as well.
     *
     * @param signed all wanted rows; a row may be there several times
     */
    default Dataset<Row> nearer(Dataset<Row> signed) {
      return signed;
    }

    /**
     * Counts the tokens of rows, without loading weights.
     *
     * @param signed some rows; those that share work are together
     * @return empty if what computes knows no tokens
     */
    default Optional<TokenCounts> tokens(Dataset<Row> signed) {
      return Optional.empty();
    }

    /** The bytes of a value in the store, before compression. */
    default long valueBytes() {
      return Float.BYTES;
    }

    /**
     * Loads the model once, so that what is wrong with it is known before any work.
     *
     * @throws dev.assay.job.failure.SettingsException if it cannot be used with these settings
     */
    Loaded load();
  }

  /** A computation that is ready. */
  interface Loaded {
    /**
     * Computes a slice. Equal slices give results that are equal to the bit.
     *
     * @param slice distinct rows, signed
     * @param rows how many they are
     * @param done is increased by one for each row
     * @return for each row the store's key, its value, and {@code error} ({@code reason: detail},
     *     null where there is a value)
     */
    Dataset<Row> compute(Dataset<Row> slice, long rows, LongAccumulator done);

    /** What the slices so far took; for progress, and for the job's counts. */
    default Costs costs() {
      return Costs.NONE;
    }
  }
}
