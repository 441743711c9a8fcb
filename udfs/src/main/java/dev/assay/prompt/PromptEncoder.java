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
 * Turns the parts of a prompt into the decoder's input: token ids, M-RoPE positions and the places
 * of images. Holds a checkpoint's tokenizer, chat template and image processor. May be used by many
 * threads.
 *
 * <p>A part's text is plain characters to the model: {@code <|im_end|>} written in it does not end
 * the turn. Only the chat template and the images bring added tokens into a prompt.
 */
public final class PromptEncoder implements AutoCloseable {
  private final String source; // the checkpoint, for messages
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
      long imageToken,
      String source) {
    this.source = source;
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
          config.imageToken(),
          checkpoint.toString());
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * Opens everything in a model folder that is not weights: configuration, image processor,
   * tokenizer, chat template. Takes about a second; call it before hours of work that end at this
   * model.
   *
   * @throws CheckpointException if a file is missing, cannot be used, or does not fit the others
   */
  public static void check(CheckpointFolder checkpoint) {
    of(checkpoint).close();
  }

  /**
   * Does {@link #check} for a model that answers (judge, reranker), and renders its chat template.
   *
   * @throws CheckpointException as {@link #check}, and if the template cannot be rendered
   */
  public static void checkChat(CheckpointFolder checkpoint) {
    try (PromptEncoder encoder = of(checkpoint)) {
      encoder.chat(List.of(new Part.Text("Query:")), image -> null);
    }
  }

  /** The same encoder (sharing its tokenizer) with other limits on images. */
  public PromptEncoder withImages(ImageProcessor otherImages, ImageDecoder otherDecoder) {
    return new PromptEncoder(tokenizer, template, otherImages, otherDecoder, imageToken, source);
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
   * The parts as one user turn of the checkpoint's chat, up to the start of the answer. Positions
   * are as transformers' {@code get_rope_index} gives them.
   *
   * @param grids how each image is cut
   */
  public TokenSequence chat(List<Part> parts, Function<EncodedImage, Grid> grids) {
    List<Part> plain = new ArrayList<>();
    for (Part part : parts) {
      plain.add(
          part instanceof Part.Text text ? new Part.Text(tokenizer.plain(text.text())) : part);
    }
    Expansion expanded = expand(template.render(plain), parts, grids);
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
      prompt.append(part instanceof Part.Text text ? tokenizer.plain(text.text()) : imageTokenText);
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
      throw new CheckpointException(
          "Cannot use the chat template of "
              + source
              + ": it writes "
              + found
              + " image tokens for "
              + inOrder.size()
              + " images");
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
