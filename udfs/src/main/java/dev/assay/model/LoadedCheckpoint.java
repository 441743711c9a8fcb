package dev.assay.model;

import ai.djl.Device;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.image.ImageDecoder;
import dev.assay.prompt.PromptEncoder;

/** A checkpoint ready to be asked: the model, and what makes prompts for it. */
public final class LoadedCheckpoint implements AutoCloseable {
  /** Enough to keep a CPU or GPU busy; a pass takes a few kilobytes a patch. */
  private static final int PATCHES_PER_PASS = 4096;

  /** What one task may hold on to: some 2,300 images of 336 x 336 of a 2B model. */
  private static final long FEATURE_BYTES = 1L << 30;

  private final CheckpointFolder folder;
  private final String contents;
  private final PromptEncoder encoder;
  private final VisionLanguageModel model;

  private LoadedCheckpoint(
      CheckpointFolder folder, String contents, PromptEncoder encoder, VisionLanguageModel model) {
    this.folder = folder;
    this.contents = contents;
    this.encoder = encoder;
    this.model = model;
  }

  /**
   * Loads model, tokenizer, chat template and image processor.
   *
   * @throws CheckpointException if one of them cannot be used
   */
  public static LoadedCheckpoint load(CheckpointFolder folder, Device device, Precision precision) {
    PromptEncoder encoder = PromptEncoder.of(folder);
    try {
      VisionLanguageModel model = VisionLanguageModel.load(folder, device, precision);
      return new LoadedCheckpoint(folder, Fingerprint.of(folder), encoder, model);
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  public VisionLanguageModel model() {
    return model;
  }

  /** The prompt encoder, refusing images of more pixels than these. */
  public PromptEncoder encoder(long maxImagePixels) {
    return encoder.withImages(encoder.images(), new ImageDecoder(maxImagePixels));
  }

  /** Room for one task's images. */
  public ImageFeatures newImages(PromptEncoder from) {
    return new ImageFeatures(model, from::patches, PATCHES_PER_PASS, new TaskMemory(FEATURE_BYTES));
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
          "Cannot judge with " + folder + ": its tokenizer cuts '" + word + "' into " + ids.length);
    }
    return ids[0];
  }

  /** Identifies the checkpoint's contents, the precision, and the settings given. */
  public String fingerprint(String... settings) {
    return fingerprint(contents, model.precision(), settings);
  }

  /**
   * What {@link #fingerprint(String...)} will be once it is loaded.
   *
   * @param contents {@link Fingerprint#of(CheckpointFolder)}
   */
  public static String fingerprint(String contents, Precision precision, String... settings) {
    return Fingerprint.of(contents, precision.name(), String.join("\u0000", settings));
  }

  @Override
  public void close() {
    model.close();
    encoder.close();
  }
}
