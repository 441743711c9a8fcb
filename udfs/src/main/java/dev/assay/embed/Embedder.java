package dev.assay.embed;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.model.ImageFeatures;
import dev.assay.model.LoadedCheckpoint;
import dev.assay.model.Precision;
import dev.assay.model.Segment;
import dev.assay.model.VisionLanguageModel;
import dev.assay.prompt.ImageProcessor;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Turns items into vectors of length 1.
 *
 * <p>{@link #load} loads a checkpoint; {@link #newTask} gives each thread an embedder of its own
 * over the same weights. One instance is for one thread.
 */
public final class Embedder implements AutoCloseable {
  /**
   * The version of the computation, part of every fingerprint. Raise it whenever the same
   * checkpoint and item give other numbers than before.
   */
  public static final int VERSION = 2;

  private final LoadedCheckpoint checkpoint;
  private final boolean owner;
  private final EmbedOptions options;
  private final PromptEncoder encoder;
  private final VisionLanguageModel model;
  private final ImageFeatures images;

  private Embedder(LoadedCheckpoint checkpoint, boolean owner, EmbedOptions options) {
    this.checkpoint = checkpoint;
    this.owner = owner;
    this.options = options;
    this.encoder = checkpoint.encoder(options.maxImagePixels());
    this.model = checkpoint.model();
    this.images = checkpoint.newImages(encoder);
  }

  /**
   * Loads an embedder.
   *
   * @param location a Hugging Face checkpoint folder on any Hadoop file system
   * @throws dev.assay.checkpoint.CheckpointException if it cannot be used
   */
  public static Embedder load(
      String location,
      Configuration hadoop,
      Device device,
      Precision precision,
      EmbedOptions options) {
    CheckpointFolder folder = CheckpointFolder.open(location, hadoop);
    return new Embedder(LoadedCheckpoint.load(folder, device, precision), true, options);
  }

  /** An embedder for another thread, with images of its own. Close it at the end of the task. */
  public Embedder newTask() {
    return newTask(options);
  }

  /** The same, working in another way. */
  public Embedder newTask(EmbedOptions other) {
    return new Embedder(checkpoint, false, other);
  }

  /** Numbers in a vector. */
  public int dimensions() {
    return model.config().decoder().hidden();
  }

  /**
   * Embeds items.
   *
   * @return {@code [items][dimensions]}, each of L2 norm 1
   * @throws BadItemException if an item cannot be used; {@link #prepare} tells which
   */
  public float[][] embed(List<Item> items) {
    List<Segment> segments = new ArrayList<>(items.size());
    for (Item item : items) {
      segments.add(Segment.whole(tokens(item)));
    }
    float[][] vectors = new float[items.size()][];
    try (NDManager scope = model.newScope()) {
      for (int done = 0; done < vectors.length; ) {
        List<Segment> pack = Segment.pack(segments, done, options.maxTokens());
        List<EncodedImage> needed = new ArrayList<>();
        for (Segment segment : pack) {
          segment.tokens().images().forEach(span -> needed.add(span.image()));
        }
        images.require(needed);
        try (NDArray hidden = model.lastHidden(scope, pack, null, images::of)) {
          float[] flat = hidden.toFloatArray();
          for (int i = 0; i < pack.size(); i++) {
            vectors[done + i] = unit(flat, i * dimensions(), dimensions());
          }
        }
        done += pack.size();
      }
    }
    return vectors;
  }

  private TokenSequence tokens(Item item) {
    TokenSequence tokens = encoder.plain(EmbedPrompt.of(item), images::grid);
    if (tokens.length() == 0) {
      throw new BadItemException("empty_item", "nothing is left of the text but markers");
    }
    return tokens;
  }

  private static float[] unit(float[] flat, int from, int length) {
    float[] vector = Arrays.copyOfRange(flat, from, from + length);
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < length; i++) {
      vector[i] = (float) (vector[i] / norm);
    }
    return vector;
  }

  /**
   * Makes sure that an item can be used: decodes its image, if it has one.
   *
   * @throws BadItemException if it cannot
   */
  public void prepare(Item item) {
    tokens(item);
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

  /** Identifies everything that a vector depends on beside the item. */
  public String fingerprint() {
    return checkpoint.fingerprint(settings(encoder.images()));
  }

  /**
   * What {@link #fingerprint()} will be once this checkpoint is loaded; reads no weights.
   *
   * @throws dev.assay.checkpoint.CheckpointException if a file of the checkpoint cannot be used
   */
  public static String fingerprint(CheckpointFolder folder, Precision precision) {
    return LoadedCheckpoint.fingerprint(
        Fingerprint.of(folder), precision, settings(ImageProcessor.of(folder)));
  }

  private static String[] settings(ImageProcessor images) {
    return new String[] {"embed", Integer.toString(VERSION), images.fingerprint()};
  }

  @Override
  public void close() {
    images.close();
    if (owner) {
      checkpoint.close();
    }
  }
}
