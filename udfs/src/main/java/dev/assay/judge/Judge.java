package dev.assay.judge;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
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
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Scores pairs by a vision-language model's answer, Yes or No.
 *
 * <p>{@link #load} loads a checkpoint; {@link #newTask} gives each thread a judge of its own over
 * the same weights. One instance is for one thread.
 */
public final class Judge implements AutoCloseable {
  /**
   * The version of the computation, part of every fingerprint. Raise it whenever the same
   * checkpoint and pair give another margin than before.
   */
  public static final int VERSION = 2;

  private final LoadedCheckpoint checkpoint;
  private final boolean owner;
  private final JudgeOptions options;
  private final JudgePrompt prompt;
  private final PromptEncoder encoder;
  private final VisionLanguageModel model;
  private final NDArray direction; // [hidden]: what separates Yes from No
  private final ImageFeatures images;

  private Judge(LoadedCheckpoint checkpoint, boolean owner, JudgeOptions options, NDArray yesNo) {
    this.checkpoint = checkpoint;
    this.owner = owner;
    this.options = options;
    this.prompt = new JudgePrompt(options.order(), options.instruction());
    this.encoder = checkpoint.encoder(options.maxImagePixels());
    this.model = checkpoint.model();
    this.direction = yesNo;
    this.images = checkpoint.newImages(encoder);
  }

  /**
   * Loads a judge.
   *
   * @param location a Hugging Face checkpoint folder on any Hadoop file system
   * @throws dev.assay.checkpoint.CheckpointException if it cannot be used
   */
  public static Judge load(
      String location,
      Configuration hadoop,
      Device device,
      Precision precision,
      JudgeOptions options) {
    LoadedCheckpoint checkpoint =
        LoadedCheckpoint.load(CheckpointFolder.open(location, hadoop), device, precision);
    try {
      return new Judge(checkpoint, true, options, direction(checkpoint));
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  private static NDArray direction(LoadedCheckpoint checkpoint) {
    long yes = checkpoint.answerToken("Yes");
    long no = checkpoint.answerToken("No");
    try (NDArray rows = checkpoint.model().outputRows(yes, no);
        NDArray first = rows.get(0);
        NDArray second = rows.get(1)) {
      return first.sub(second);
    }
  }

  /** A judge for another thread, with images of its own. Close it at the end of the task. */
  public Judge newTask() {
    return newTask(options);
  }

  /** The same, asking in another way. */
  public Judge newTask(JudgeOptions other) {
    return new Judge(checkpoint, false, other, direction);
  }

  /**
   * The margins {@code (w_yes - w_no) . h} of pairs that share one side, h being the last hidden
   * state of the prompt in float32. {@code sigmoid(margin)} is the score.
   *
   * @param shared the query if the order is query-first, else the candidate
   * @param others the other sides
   * @return one margin for each of {@code others}
   * @throws dev.assay.item.BadItemException if an item cannot be used; {@link #prepare} tells which
   */
  public float[] judge(Item shared, List<Item> others) {
    if (others.isEmpty()) {
      return new float[0];
    }
    List<TokenSequence> prompts = new ArrayList<>(others.size());
    List<EncodedImage> needed = new ArrayList<>();
    for (Item other : others) {
      TokenSequence tokens = encoder.chat(prompt.of(shared, other), images::grid);
      prompts.add(tokens);
      tokens.images().forEach(span -> needed.add(span.image()));
    }
    images.require(needed);
    int common = others.size() == 1 ? 0 : CommonBeginning.of(prompts);
    List<Segment> ends =
        prompts.stream().map(tokens -> new Segment(tokens, common, tokens.length())).toList();
    float[] margins = new float[others.size()];
    try (NDManager scope = model.newScope()) {
      Past past =
          common == 0
              ? null
              : model.past(scope, new Segment(prompts.get(0), 0, common), null, images::of);
      int done = 0;
      while (done < margins.length) {
        List<Segment> pack = Segment.pack(ends, done, options.maxTokens());
        try (NDArray hidden = model.lastHidden(scope, pack, past, images::of);
            NDArray result = hidden.matMul(direction)) {
          System.arraycopy(result.toFloatArray(), 0, margins, done, pack.size());
        }
        done += pack.size();
      }
    }
    return margins;
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

  /**
   * Identifies everything that a margin depends on beside the pair: checkpoint, prompt, limits on
   * images, precision.
   */
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
      String contents, ImageProcessor images, Precision precision, JudgeOptions options) {
    return LoadedCheckpoint.fingerprint(contents, precision, settings(options, images));
  }

  private static String[] settings(JudgeOptions options, ImageProcessor images) {
    return new String[] {
      "judge",
      Integer.toString(VERSION),
      options.order().name(),
      options.instruction(),
      images.fingerprint()
    };
  }

  @Override
  public void close() {
    images.close();
    if (owner) {
      direction.close();
      checkpoint.close();
    }
  }
}
