package dev.assay.rerank;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.model.ImageFeatures;
import dev.assay.model.LoadedCheckpoint;
import dev.assay.model.Past;
import dev.assay.model.Precision;
import dev.assay.model.Segment;
import dev.assay.model.VisionLanguageModel;
import dev.assay.prompt.ImageProcessor;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence;
import dev.assay.prompt.TokenSequence.ImageSpan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Ranks a query's candidates by how probable it is that a vision-language model, shown all of them,
 * answers with their numbers.
 *
 * <p>The answer's beginning, {@code Ans: (}, is forced, and only numbers of candidates are weighed,
 * so that there is nothing to parse and every candidate gets a probability. {@link #load} loads a
 * checkpoint; {@link #newTask} gives each thread a reranker of its own over the same weights. One
 * instance is for one thread.
 */
public final class Reranker implements AutoCloseable {
  /**
   * The version of the computation, part of every fingerprint. Raise it whenever the same
   * checkpoint and list give other probabilities than before.
   */
  public static final int VERSION = 2;

  /** Candidates in a list, at the most. */
  public static final int MAX_CANDIDATES = 1000;

  private final LoadedCheckpoint checkpoint;
  private final boolean owner;
  private final RerankOptions options;
  private final ListPrompt prompt;
  private final PromptEncoder encoder;
  private final VisionLanguageModel model;
  private final AnswerHead head;
  private final ImageFeatures images;
  private final Map<Integer, ListAnswers> answers = new HashMap<>(); // by candidates

  private Reranker(
      LoadedCheckpoint checkpoint, boolean owner, RerankOptions options, AnswerHead head) {
    this.checkpoint = checkpoint;
    this.owner = owner;
    this.options = options;
    this.prompt = new ListPrompt(options.instruction());
    this.encoder = checkpoint.encoder(options.maxImagePixels());
    this.model = checkpoint.model();
    this.head = head;
    this.images = checkpoint.newImages(encoder);
  }

  /**
   * Loads a reranker.
   *
   * @param location a Hugging Face checkpoint folder on any Hadoop file system
   * @throws dev.assay.checkpoint.CheckpointException if it cannot be used
   */
  public static Reranker load(
      String location,
      Configuration hadoop,
      Device device,
      Precision precision,
      RerankOptions options) {
    LoadedCheckpoint checkpoint =
        LoadedCheckpoint.load(CheckpointFolder.open(location, hadoop), device, precision);
    try {
      PromptEncoder encoder = checkpoint.encoder(options.maxImagePixels());
      ListAnswers longest = ListAnswers.of(encoder.tokenizer(), MAX_CANDIDATES);
      AnswerHead head = new AnswerHead(checkpoint.model(), longest); // shorter lists need no more
      return new Reranker(checkpoint, true, options, head);
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  /** A reranker for another thread, with images of its own. Close it at the end of the task. */
  public Reranker newTask(RerankOptions other) {
    return new Reranker(checkpoint, false, other, head);
  }

  /** The same with the passes of its options. */
  public float[] rank(Item query, List<Item> candidates) {
    return rank(query, candidates, options.maxTokens());
  }

  /**
   * The probability of each candidate's number. It depends on all candidates and on their order.
   *
   * @param candidates at most {@value #MAX_CANDIDATES}
   * @param maxTokens tokens in one pass, at the most; changes what memory is needed
   * @return one for each candidate, 1 together
   * @throws dev.assay.item.BadItemException if an item cannot be used; {@link #prepare} tells which
   */
  public float[] rank(Item query, List<Item> candidates, int maxTokens) {
    if (candidates.size() > MAX_CANDIDATES) {
      throw new IllegalArgumentException(
          "Cannot rank " + candidates.size() + " candidates at once: at most " + MAX_CANDIDATES);
    }
    if (candidates.size() < 2) {
      return candidates.isEmpty() ? new float[0] : new float[] {1};
    }
    ListAnswers numbers =
        answers.computeIfAbsent(candidates.size(), n -> ListAnswers.of(encoder.tokenizer(), n));
    TokenSequence asked =
        encoder.chat(prompt.of(query, candidates), images::grid).then(numbers.beginning());
    List<EncodedImage> needed = asked.images().stream().map(ImageSpan::image).toList();
    images.require(needed);
    List<ListAnswers.Fork> forks = numbers.forks();
    boolean atOnce = forks.size() == 1 && asked.length() <= maxTokens;
    int common = atOnce ? 0 : asked.length() - 1; // each fork has one token of its own at least
    List<Segment> ends =
        forks.stream()
            .map(fork -> asked.then(fork.path()))
            .map(tokens -> new Segment(tokens, common, tokens.length()))
            .toList();
    try (NDManager scope = model.newScope()) {
      Past past = past(scope, asked, common, maxTokens);
      NDArray hidden = hidden(scope, ends, past, maxTokens);
      return head.probabilities(forks, hidden, candidates.size());
    }
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
      Past next = model.past(scope, new Segment(tokens, from, to), past, images::of);
      if (past != null) {
        past.close();
      }
      past = next;
      from = to;
    }
    return past;
  }

  /** The state at the end of each: {@code [ends, hidden]}. */
  private NDArray hidden(NDManager scope, List<Segment> ends, Past past, int maxTokens) {
    NDList packs = new NDList();
    for (int done = 0; done < ends.size(); ) {
      List<Segment> pack = Segment.pack(ends, done, maxTokens);
      packs.add(model.lastHidden(scope, pack, past, images::of));
      done += pack.size();
    }
    return NDArrays.concat(packs);
  }

  /**
   * Makes sure that an item can be used: decodes its image, if it has one.
   *
   * @throws dev.assay.item.BadItemException if it cannot
   */
  public void prepare(Item item) {
    if (item.image() != null) {
      images.prepare(item.image());
    }
  }

  /**
   * Gives back the device memory that is held for images to come again; they are encoded anew.
   *
   * @return whether there was any
   */
  public boolean release() {
    return images.release();
  }

  /** Images that went through the vision tower for this task so far. */
  public long imagesEncoded() {
    return images.passes();
  }

  /** Identifies everything that a probability depends on beside query and candidates. */
  public String fingerprint() {
    return checkpoint.fingerprint(settings(options, encoder.images()));
  }

  /**
   * What {@link #fingerprint()} will be once a checkpoint is loaded.
   *
   * @param contents {@link dev.assay.checkpoint.fingerprint.Fingerprint#of} its folder
   * @param images its image processor
   */
  public static String fingerprint(
      String contents, ImageProcessor images, Precision precision, RerankOptions options) {
    return LoadedCheckpoint.fingerprint(contents, precision, settings(options, images));
  }

  private static String[] settings(RerankOptions options, ImageProcessor images) {
    return new String[] {
      "rerank", Integer.toString(VERSION), options.instruction(), images.fingerprint()
    };
  }

  @Override
  public void close() {
    images.close();
    if (owner) {
      head.close();
      checkpoint.close();
    }
  }
}
