package dev.assay.session;

import ai.djl.Device;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.model.Precision;
import dev.assay.model.VisionLanguageModel;
import dev.assay.model.features.FeatureCache;
import dev.assay.prompt.PromptEncoder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A checkpoint in memory: the model, its tokenizer, chat template and image processor.
 *
 * <p>It is loaded once, shared by all threads, and closed once. Nothing in it changes but the
 * {@linkplain #head heads} that are added. Each task opens a {@link ModelSession} on it.
 */
public final class LoadedCheckpoint implements AutoCloseable {
  /** Weights that are derived from the checkpoint, such as the output rows of some answers. */
  public interface Head extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * What the tasks of an executor keep of images together: features of some 4,600 images of 336 x
   * 336 of a 2B model. It is not a setting, because results do not depend on it.
   */
  private static final long FEATURE_BYTES = 2L << 30;

  private final CheckpointFolder folder;
  private final CheckpointIdentity identity;
  private final PromptEncoder encoder;
  private final VisionLanguageModel model;
  private final FeatureCache features;
  private final Map<Class<?>, Head> heads = new HashMap<>(); // guarded by itself

  private LoadedCheckpoint(
      CheckpointFolder folder,
      CheckpointIdentity identity,
      PromptEncoder encoder,
      VisionLanguageModel model) {
    this.folder = folder;
    this.identity = identity;
    this.encoder = encoder;
    this.model = model;
    this.features = new FeatureCache(model, FEATURE_BYTES);
  }

  /**
   * Loads model, tokenizer, chat template and image processor.
   *
   * @throws CheckpointException if one of them cannot be used
   */
  public static LoadedCheckpoint load(CheckpointFolder folder, Device device, Precision precision) {
    PromptEncoder encoder = PromptEncoder.of(folder);
    VisionLanguageModel model = null;
    try {
      model = VisionLanguageModel.load(folder, device, precision);
      // After the weights: files that change while they are read give another identity.
      CheckpointIdentity identity = CheckpointIdentity.of(folder, precision);
      return new LoadedCheckpoint(folder, identity, encoder, model);
    } catch (RuntimeException | Error e) {
      if (model != null) {
        model.close();
      }
      encoder.close();
      throw e;
    }
  }

  public VisionLanguageModel model() {
    return model;
  }

  /** Features of images, for the sessions that share them. */
  FeatureCache features() {
    return features;
  }

  public PromptEncoder encoder() {
    return encoder;
  }

  public CheckpointIdentity identity() {
    return identity;
  }

  /**
   * The head of a type. The first caller makes it, all others share it, and it is closed with the
   * checkpoint.
   *
   * @throws CheckpointException if the checkpoint does not have what it is made of
   */
  public <H extends Head> H head(Class<H> type, Function<LoadedCheckpoint, H> make) {
    synchronized (heads) {
      Head head = heads.get(type);
      if (head == null) {
        head = make.apply(this);
        heads.put(type, head);
      }
      return type.cast(head);
    }
  }

  /**
   * The id of a one-word answer.
   *
   * @throws CheckpointException if the tokenizer has no single token for it
   */
  public long answerToken(String word) {
    long[] ids = encoder.tokenizer().encode(word);
    if (ids.length != 1) {
      throw new CheckpointException(
          "Cannot judge with "
              + folder
              + ": its tokenizer cuts '"
              + word
              + "' into "
              + ids.length
              + " tokens, but the answer must be one token");
    }
    return ids[0];
  }

  @Override
  public void close() {
    synchronized (heads) {
      heads.values().forEach(Head::close);
      heads.clear();
    }
    features.close();
    model.close();
    encoder.close();
  }
}
