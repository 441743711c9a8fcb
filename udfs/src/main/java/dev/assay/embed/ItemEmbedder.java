package dev.assay.embed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.item.Item;
import dev.assay.math.UnitLength;
import dev.assay.model.tokens.Packs;
import dev.assay.model.tokens.Segment;
import dev.assay.prompt.TokenSequence;
import dev.assay.session.CheckpointIdentity;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import dev.assay.session.ModelSession;
import java.util.ArrayList;
import java.util.List;

/**
 * Embeds items: the final hidden state of the last token, brought to length 1. Not thread-safe:
 * each thread opens its own over a shared checkpoint.
 */
public final class ItemEmbedder implements ItemEncoder {
  /**
   * The version of the computation, part of every fingerprint. Raise it whenever the same
   * checkpoint and item give other numbers than before.
   */
  public static final int VERSION = 3;

  private final ModelSession session;

  /** Opens an embedder. Closing it leaves the checkpoint open. */
  public ItemEmbedder(LoadedCheckpoint checkpoint, Limits limits) {
    session = new ModelSession(checkpoint, limits);
  }

  /** The length of a vector. */
  public int dimensions() {
    return session.model().config().decoder().hidden();
  }

  @Override
  public float[][] encode(List<Item> items) {
    List<Segment> segments = new ArrayList<>(items.size());
    for (Item item : items) {
      segments.add(Segment.whole(tokens(item)));
    }
    float[][] vectors = new float[items.size()][];
    try (NDManager scope = session.model().newScope()) {
      int done = 0;
      for (List<Segment> pack : Packs.of(segments, Segment::length, session.limits().maxTokens())) {
        try (NDArray hidden = session.lastHidden(scope, pack, null)) {
          float[] flat = hidden.toFloatArray(); // [pack, dimensions]
          for (int i = 0; i < pack.size(); i++) {
            vectors[done++] = UnitLength.of(flat, i * dimensions(), dimensions());
          }
        }
      }
    }
    return vectors;
  }

  private TokenSequence tokens(Item item) {
    return EmbedPrompt.tokens(item, session.encoder(), session::grid);
  }

  @Override
  public void ahead(Item item) {
    session.ahead(item);
  }

  @Override
  public void prepare(Item item) {
    tokens(item);
  }

  @Override
  public boolean release() {
    return session.release();
  }

  @Override
  public String fingerprint() {
    return fingerprint(session.identity());
  }

  /** The fingerprint of an embedder over a checkpoint that is not loaded. */
  public static String fingerprint(CheckpointIdentity checkpoint) {
    return checkpoint.fingerprint("embed", VERSION);
  }

  @Override
  public void close() {
    session.close();
  }
}
