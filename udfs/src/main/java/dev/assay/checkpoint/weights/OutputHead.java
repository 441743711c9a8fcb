package dev.assay.checkpoint.weights;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.config.DecoderConfig;
import dev.assay.checkpoint.tensors.StoredTensors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The output head: {@code [vocabulary, hidden]}, a row for every token. Judges and rerankers need
 * it, embedders do not.
 *
 * <p>It is {@code lm_head.weight}, or the table of embeddings where {@code config.json} ties the
 * two. If it ties them and a head is stored that differs, the checkpoint is refused: transformers 4
 * computes with the embeddings and transformers 5 with the stored head, so it is open which one is
 * meant.
 */
public final class OutputHead {
  /** The table of embeddings. */
  public static final String EMBEDDINGS = "model.embed_tokens.weight";

  /** A head of its own. */
  public static final String HEAD = "lm_head.weight";

  private static final int BLOCK_NUMBERS = 4 << 20;
  private static final int PIECE_BYTES = 1 << 20;

  private OutputHead() {}

  /**
   * The name of the tensor that is the head.
   *
   * @throws CheckpointException if there is none, it is misshapen, or two differ
   */
  public static String of(CheckpointFolder folder, DecoderConfig config, TensorIndex index) {
    if (config.tied()) {
      index.check(EMBEDDINGS, config.vocabulary(), config.hidden());
      if (index.has(HEAD) && !isCopy(index)) {
        throw new CheckpointException(
            "Cannot use "
                + folder
                + " to judge or rerank: tie_word_embeddings in config.json is true, but "
                + HEAD
                + " differs from "
                + EMBEDDINGS
                + ", and versions of transformers disagree which one counts; set"
                + " tie_word_embeddings to false to use the first, or remove it to use the second");
      }
      return EMBEDDINGS;
    }
    if (!index.has(HEAD)) {
      throw new CheckpointException(
          "Cannot use "
              + folder
              + " to judge or rerank: tensor "
              + HEAD
              + " is missing; it can embed");
    }
    index.check(HEAD, config.vocabulary(), config.hidden());
    return HEAD;
  }

  /** Whether a stored head has the same numbers as the table of embeddings. */
  public static boolean isCopy(TensorIndex index) {
    List<Long> shape = index.shape(HEAD);
    if (!index.has(EMBEDDINGS) || shape.size() != 2 || !shape.equals(index.shape(EMBEDDINGS))) {
      return false;
    }
    long columns = Math.max(1, shape.get(1));
    long block = Math.max(1, BLOCK_NUMBERS / columns);
    for (long first = 0; first < shape.get(0); first += block) {
      long rows = Math.min(block, shape.get(0) - first);
      if (!Arrays.equals(
          rows(index, HEAD, first, rows, columns), rows(index, EMBEDDINGS, first, rows, columns))) {
        return false;
      }
    }
    return true;
  }

  private static float[] rows(TensorIndex index, String name, long first, long rows, long columns) {
    float[] values = new float[Math.toIntExact(rows * columns)];
    index.read(
        name,
        first,
        rows,
        ByteBuffer.allocate(PIECE_BYTES),
        StoredTensors.decoder(index.check(name, index.shape(name)), values));
    return values;
  }
}
