package dev.assay.rerank;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.assay.item.Item;
import dev.assay.model.Past;
import dev.assay.model.tokens.Packs;
import dev.assay.model.tokens.Segment;
import dev.assay.prompt.TokenSequence;
import dev.assay.prompt.TokenSequence.ImageSpan;
import dev.assay.session.CheckpointIdentity;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import dev.assay.session.ModelSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ranks a query's candidates by how probable it is that a vision-language model, shown all of them,
 * answers with their numbers.
 *
 * <p>The beginning of the answer, {@code Ans: (}, is given, and only numbers of candidates are
 * considered. So there is nothing to parse, and every candidate gets a probability. Not
 * thread-safe: each thread opens its own over a shared checkpoint.
 */
public final class ListReranker implements ListRanker {
  /**
   * The version of the computation, part of every fingerprint. Raise it whenever the same
   * checkpoint and list give other probabilities than before.
   */
  public static final int VERSION = 3;

  private final ModelSession session;
  private final String instruction;
  private final AnswerHead head;
  private final Map<Integer, ListAnswers> answers = new HashMap<>(); // by number of candidates

  /**
   * Opens a reranker. Closing it leaves the checkpoint open.
   *
   * @param instruction the text before query and candidates; the paper's is {@link
   *     ListPrompt#INSTRUCTION}
   * @throws dev.assay.checkpoint.CheckpointException if the checkpoint cannot answer with numbers
   */
  public ListReranker(LoadedCheckpoint checkpoint, String instruction, Limits limits) {
    this.head = checkpoint.head(AnswerHead.class, AnswerHead::of);
    this.instruction = instruction;
    this.session = new ModelSession(checkpoint, limits);
  }

  /** The same with the tokens a pass of its limits. */
  public float[] rank(Item query, List<Item> candidates) {
    return rank(query, candidates, session.limits().maxTokens());
  }

  @Override
  public float[] rank(Item query, List<Item> candidates, int maxTokens) {
    int most = ListPrompt.MAX_CANDIDATES;
    if (candidates.size() > most) {
      throw new IllegalArgumentException(
          "Cannot rank " + candidates.size() + " candidates at once: at most " + most);
    }
    if (candidates.size() < 2) {
      return candidates.isEmpty() ? new float[0] : new float[] {1};
    }
    ListAnswers numbers = answers.computeIfAbsent(candidates.size(), this::answers);
    TokenSequence prompt =
        session
            .encoder()
            .chat(new ListPrompt(instruction).of(query, candidates), session::grid)
            .then(numbers.beginning());
    List<ListAnswers.Fork> forks = numbers.forks();
    boolean atOnce = forks.size() == 1 && prompt.length() <= maxTokens;
    int common = atOnce ? 0 : prompt.length() - 1; // each fork needs one token of its own
    List<Segment> ends =
        forks.stream()
            .map(fork -> prompt.then(fork.path()))
            .map(tokens -> new Segment(tokens, common, tokens.length()))
            .toList();
    try (NDManager scope = session.model().newScope();
        Past past = past(scope, prompt, common, maxTokens)) {
      NDArray hidden = hidden(scope, ends, past, maxTokens);
      return head.probabilities(forks, hidden, candidates.size());
    }
  }

  private ListAnswers answers(int candidates) {
    return ListAnswers.of(session.encoder().tokenizer(), candidates);
  }

  /** Runs the first tokens piece by piece, cutting no image. */
  private Past past(NDManager scope, TokenSequence tokens, int end, int maxTokens) {
    Past past = null;
    for (int from = 0; from < end; ) {
      int to = Math.min(end, from + maxTokens);
      for (ImageSpan span : tokens.images()) {
        int after = span.start() + span.length();
        if (span.start() < to && to < after) {
          to = span.start() > from ? span.start() : after;
        }
      }
      Segment piece = new Segment(tokens, from, to);
      try (Past before = past) {
        past = session.past(scope, piece, before);
      }
      from = to;
    }
    return past;
  }

  /** The state at the end of each: {@code [ends, hidden]}. */
  private NDArray hidden(NDManager scope, List<Segment> ends, Past past, int maxTokens) {
    NDList packs = new NDList();
    for (List<Segment> pack : Packs.of(ends, Segment::length, maxTokens)) {
      packs.add(session.lastHidden(scope, pack, past));
    }
    return NDArrays.concat(packs);
  }

  @Override
  public void ahead(Item item) {
    session.ahead(item);
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
  public String fingerprint() {
    return fingerprint(session.identity(), instruction);
  }

  /** The fingerprint of a reranker over a checkpoint that is not loaded. */
  public static String fingerprint(CheckpointIdentity checkpoint, String instruction) {
    return checkpoint.fingerprint("rerank", VERSION, instruction);
  }

  @Override
  public void close() {
    session.close();
  }
}
