package dev.assay.judge;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.item.Item;
import dev.assay.model.Past;
import dev.assay.model.features.ImageUse;
import dev.assay.model.tokens.Packs;
import dev.assay.model.tokens.Segment;
import dev.assay.prompt.TokenSequence;
import dev.assay.session.CheckpointIdentity;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import dev.assay.session.ModelSession;
import java.util.List;

/**
 * Scores pairs by a vision-language model's answer, Yes or No.
 *
 * <p>The margin is {@code (w_yes - w_no) . h}, h being the last hidden state of the prompt in
 * float32. {@code sigmoid(margin)} is the score. Not thread-safe: each thread opens its own over a
 * shared checkpoint.
 */
public final class PairJudge implements PairScorer {
  /**
   * The version of the computation, part of every fingerprint. Raise it whenever the same
   * checkpoint and pair give another margin than before.
   */
  public static final int VERSION = 4;

  private final ModelSession session;
  private final String instruction;
  private final PromptsAhead prompts;
  private final NDArray direction; // [hidden]: what separates Yes from No
  private final Opening opening;
  private final NDManager owner; // of the opening's past
  private Past openingPast; // null until it is needed

  /**
   * Opens a judge. Closing it leaves the checkpoint open.
   *
   * @param instruction the text before the pair; the paper's is {@link JudgePrompt#INSTRUCTION}
   * @throws dev.assay.checkpoint.CheckpointException if the checkpoint cannot answer Yes or No
   */
  public PairJudge(LoadedCheckpoint checkpoint, String instruction, Limits limits) {
    this(checkpoint, instruction, limits, ImageUse.IGNORED);
  }

  /**
   * Opens a judge whose use of images is counted.
   *
   * @throws dev.assay.checkpoint.CheckpointException if the checkpoint cannot answer Yes or No
   */
  public PairJudge(LoadedCheckpoint checkpoint, String instruction, Limits limits, ImageUse use) {
    this.direction = checkpoint.head(YesNo.class, YesNo::of).direction();
    this.instruction = instruction;
    this.session = ModelSession.sharing(checkpoint, limits, use);
    this.prompts = new PromptsAhead(session, instruction);
    this.opening = Opening.of(session.encoder(), instruction);
    this.owner = session.model().newScope();
  }

  @Override
  public float[] score(Order order, Item shared, List<Item> others) {
    if (others.isEmpty()) {
      return new float[0];
    }
    List<TokenSequence> sequences =
        others.stream().map(other -> prompts.take(order, shared, other)).toList();
    int opened = opening.in(sequences);
    int common = others.size() == 1 ? opened : CommonBeginning.of(sequences);
    List<Segment> ends =
        sequences.stream().map(tokens -> new Segment(tokens, common, tokens.length())).toList();
    Past before = opened == 0 ? null : openingPast();
    if (common == opened) {
      return margins(ends, before);
    }
    Segment beginning = new Segment(sequences.get(0), opened, common);
    try (NDManager scope = session.model().newScope();
        Past past = session.past(scope, beginning, before)) {
      return margins(ends, past);
    }
  }

  private Past openingPast() {
    if (openingPast == null) {
      openingPast = session.past(owner, opening.segment(), null);
    }
    return openingPast;
  }

  private float[] margins(List<Segment> ends, Past past) {
    float[] margins = new float[ends.size()];
    int done = 0;
    try (NDManager scope = session.model().newScope()) {
      for (List<Segment> pack : Packs.of(ends, Segment::length, session.limits().maxTokens())) {
        try (NDArray hidden = session.lastHidden(scope, pack, past);
            NDArray result = hidden.matMul(direction)) {
          System.arraycopy(result.toFloatArray(), 0, margins, done, pack.size());
        }
        done += pack.size();
      }
    }
    return margins;
  }

  @Override
  public void ahead(Item item) {
    session.ahead(item);
  }

  @Override
  public void ahead(Order order, Item shared, Item other) {
    prompts.make(order, shared, other);
  }

  @Override
  public void prepare(Item item) {
    session.prepare(item);
  }

  @Override
  public boolean release() {
    return session.release();
  }

  /** Images that went through the vision tower so far. */
  public long imagesEncoded() {
    return session.images().passes();
  }

  @Override
  public String fingerprint(Order order) {
    return fingerprint(session.identity(), instruction, order);
  }

  /** The fingerprint of a judge over a checkpoint that is not loaded. */
  public static String fingerprint(CheckpointIdentity checkpoint, String instruction, Order order) {
    return checkpoint.fingerprint("judge", VERSION, order.name(), instruction);
  }

  @Override
  public void close() {
    if (openingPast != null) {
      openingPast.close();
    }
    owner.close();
    session.close();
  }
}
