package dev.assay.prompt;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.config.ModelConfig;
import dev.assay.image.ImageDecoder;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import dev.assay.prompt.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Turns parts into what the decoder reads: token ids, M-RoPE positions, and where the images stand.
 * Holds all that a checkpoint says about prompts. May be used by many threads.
 */
public final class PromptEncoder implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final ImageProcessor images;
  private final ImageDecoder decoder;
  private final long imageToken;
  private final String imageTokenText;

  private PromptEncoder(
      Tokenizer tokenizer,
      ChatTemplate template,
      ImageProcessor images,
      ImageDecoder decoder,
      long imageToken) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.images = images;
    this.decoder = decoder;
    this.imageToken = imageToken;
    this.imageTokenText = tokenizer.addedToken(imageToken);
  }

  /**
   * Reads tokenizer, chat template, image processor and configuration of a checkpoint.
   *
   * @throws CheckpointException if one of them is missing, or they do not fit each other
   */
  public static PromptEncoder of(CheckpointFolder checkpoint) {
    ModelConfig config = ModelConfig.of(checkpoint);
    ImageProcessor images = ImageProcessor.of(checkpoint);
    int merge = config.vision().merge();
    if (merge != images.mergeSize()) {
      throw new CheckpointException(
          "Cannot load a checkpoint from "
              + checkpoint
              + ": merge_size is "
              + images.mergeSize()
              + " for its image processor and "
              + merge
              + " for its model");
    }
    ChatTemplate template = ChatTemplate.of(checkpoint);
    Tokenizer tokenizer = Tokenizer.of(checkpoint);
    try {
      return new PromptEncoder(
          tokenizer,
          template,
          images,
          new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS),
          config.imageToken());
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** The same encoder (sharing its tokenizer) with other limits on images. */
  public PromptEncoder withImages(ImageProcessor otherImages, ImageDecoder otherDecoder) {
    return new PromptEncoder(tokenizer, template, otherImages, otherDecoder, imageToken);
  }

  public ImageProcessor images() {
    return images;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Decodes and preprocesses an image.
   *
   * @throws BadItemException if it cannot be used, see {@link ImageDecoder#decode}
   */
  public Patches patches(EncodedImage image) {
    return images.process(decoder.decode(image));
  }

  /**
   * The parts as one user turn of the checkpoint's chat, up to where the answer begins; positions
   * as transformers' {@code get_rope_index} gives them.
   *
   * @param grids how each image is cut
   */
  public TokenSequence chat(List<Part> parts, Function<EncodedImage, Grid> grids) {
    Expansion expanded = expand(template.render(parts), parts, grids);
    int[][] positions =
        RopePositions.withImages(
            expanded.ids.length, expanded.spans, expanded.grids, images.mergeSize());
    return new TokenSequence(expanded.ids, positions, expanded.spans);
  }

  /**
   * The parts alone, without a template. An image is its image tokens without the vision tokens
   * around them, and therefore counts as text: positions go 0 to n-1 on all three axes.
   *
   * @param grids how each image is cut
   */
  public TokenSequence plain(List<Part> parts, Function<EncodedImage, Grid> grids) {
    StringBuilder prompt = new StringBuilder();
    for (Part part : parts) {
      prompt.append(part instanceof Part.Text text ? text.text() : imageTokenText);
    }
    Expansion expanded = expand(prompt.toString(), parts, grids);
    return new TokenSequence(
        expanded.ids, RopePositions.plain(expanded.ids.length), expanded.spans);
  }

  /** Token ids with every image token repeated, and where that happened. */
  private record Expansion(long[] ids, List<TokenSequence.ImageSpan> spans, List<Grid> grids) {}

  /**
   * Tokenises a prompt with one image token an image and repeats it in the ids. The same as
   * repeating it in the text: an added token never mixes with its neighbours.
   */
  private Expansion expand(String prompt, List<Part> parts, Function<EncodedImage, Grid> gridOf) {
    List<EncodedImage> inOrder = new ArrayList<>();
    List<Grid> grids = new ArrayList<>();
    int extra = 0;
    for (Part part : parts) {
      if (part instanceof Part.Image image) {
        Grid grid = gridOf.apply(image.image());
        inOrder.add(image.image());
        grids.add(grid);
        extra += grid.tokens(images.mergeSize()) - 1;
      }
    }
    long[] single = tokenizer.encode(prompt);
    int found = 0;
    for (long id : single) {
      found += id == imageToken ? 1 : 0;
    }
    if (found != inOrder.size()) {
      throw new BadItemException(
          "vision_token_in_text",
          found + " image tokens in a prompt with " + inOrder.size() + " images");
    }
    long[] ids = new long[single.length + extra];
    List<TokenSequence.ImageSpan> spans = new ArrayList<>();
    int at = 0;
    for (long id : single) {
      int times = 1;
      if (id == imageToken) {
        times = grids.get(spans.size()).tokens(images.mergeSize());
        spans.add(new TokenSequence.ImageSpan(inOrder.get(spans.size()), at, times));
      }
      for (int i = 0; i < times; i++) {
        ids[at++] = id;
      }
    }
    return new Expansion(ids, List.copyOf(spans), grids);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
