package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.config.Family;
import dev.assay.checkpoint.config.VisionConfig;
import dev.assay.kernels.BlockWeights;
import dev.assay.kernels.Kernels;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.ArrayList;
import java.util.List;

/** Turns patches into the decoder's image tokens. One pass takes images of any sizes. */
public final class VisionTower {
  /**
   * The tower's weights.
   *
   * @param projection of a patch: {@code [hidden, channels, temporal, patch, patch]}
   */
  record Parameters(NDArray projection, List<BlockWeights> blocks, BlockWeights merger) {
    static Parameters of(Family family, VisionConfig config, TensorSource source) {
      long d = config.hidden();
      long side = config.patch();
      NDArray projection =
          source.tensor(
              "visual.patch_embed.proj.weight",
              d,
              config.channels(),
              config.temporal(),
              side,
              side);
      List<BlockWeights> blocks = new ArrayList<>();
      boolean qwen2 = family == Family.QWEN2_VL;
      for (int i = 0; i < config.blocks(); i++) {
        String name = "visual.blocks." + i + ".";
        blocks.add(qwen2 ? qwen2Block(config, source, name) : qwen25Block(config, source, name));
      }
      long merged = d * config.merge() * config.merge();
      BlockReader merger = new BlockReader(source, "visual.merger.");
      (qwen2 ? merger.layerNorm("ln_q", d) : merger.rmsNorm("ln_q", d))
          .biased("mlp.0", merged, merged)
          .biased("mlp.2", config.output(), merged);
      return new Parameters(projection, blocks, merger.weights());
    }
  }

  private final VisionConfig config;
  private final boolean qwen2;
  private final Parameters parameters;
  private final NDArray like;
  private final Rotary rotary;

  /**
   * @param like an array in the precision of the computation
   */
  public VisionTower(
      Family family, VisionConfig config, TensorSource source, NDArray like, NDManager owner) {
    this.config = config;
    this.qwen2 = family == Family.QWEN2_VL;
    this.parameters = Parameters.of(family, config, source);
    this.like = like;
    this.rotary = Rotary.of(config, owner);
  }

  private static BlockWeights qwen2Block(VisionConfig config, TensorSource source, String prefix) {
    long d = config.hidden();
    return new BlockReader(source, prefix)
        .layerNorm("norm1", d)
        .biased("attn.qkv", 3 * d, d)
        .biased("attn.proj", d, d)
        .layerNorm("norm2", d)
        .biased("mlp.fc1", config.intermediate(), d)
        .biased("mlp.fc2", d, config.intermediate())
        .weights();
  }

  private static BlockWeights qwen25Block(VisionConfig config, TensorSource source, String prefix) {
    long d = config.hidden();
    return new BlockReader(source, prefix)
        .rmsNorm("norm1", d)
        .biased("attn.qkv", 3 * d, d)
        .biased("attn.proj", d, d)
        .rmsNorm("norm2", d)
        .biased("mlp.gate_proj", config.intermediate(), d)
        .biased("mlp.up_proj", config.intermediate(), d)
        .biased("mlp.down_proj", d, config.intermediate())
        .weights();
  }

  /**
   * Features of several images, one after the other: {@code [sum of image tokens, hidden]}.
   *
   * @param scope owns the result
   */
  public NDArray forward(NDManager scope, Kernels kernels, List<Patches> images) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray x = patches(inner, images);
      for (Layer layer : layers(inner, kernels, images)) {
        NDArray next = layer.apply(inner, x);
        x.close();
        x = next;
      }
      x.attach(scope);
      return x;
    }
  }

  /**
   * The layers that turn the {@link #patches} of some images into their features.
   *
   * @param scope owns the arrays that the layers share
   */
  public List<Layer> layers(NDManager scope, Kernels kernels, List<Patches> images) {
    List<Grid> grids = images.stream().map(Patches::grid).toList();
    NDList turn = rotary.at(scope, kernels, Rotary.patchPositions(grids, config.merge()));
    NDArray[] whole = arrays(scope, VisionWindows.whole(grids));
    NDArray[] square =
        config.window() == 0 ? whole : arrays(scope, VisionWindows.square(grids, config));
    List<Layer> layers = new ArrayList<>();
    layers.add((s, x) -> kernels.apply(s, "patch_embedding", x, parameters.projection(), like));
    String block = qwen2 ? "vision_block_qwen2" : "vision_block_qwen2_5";
    for (int i = 0; i < parameters.blocks().size(); i++) {
      NDArray[] seen = config.fullAttention().contains(i) ? whole : square;
      BlockWeights weights = parameters.blocks().get(i);
      layers.add(
          (s, x) ->
              kernels.apply(
                  s, block, x, turn.get(0), turn.get(1), seen[0], seen[1], seen[2], weights));
    }
    String merge = qwen2 ? "merge_qwen2" : "merge_qwen2_5";
    layers.add((s, x) -> kernels.apply(s, merge, x, parameters.merger()));
    return layers;
  }

  /** Patches of several images: {@code [patches, patch size]}. */
  public NDArray patches(NDManager scope, List<Patches> images) {
    int n = images.stream().mapToInt(p -> p.grid().patches()).sum();
    float[] all = images.get(0).values();
    if (images.size() > 1) {
      all = new float[n * config.patchSize()];
      int at = 0;
      for (Patches image : images) {
        System.arraycopy(image.values(), 0, all, at, image.values().length);
        at += image.values().length;
      }
    }
    return scope.create(all, new Shape(n, config.patchSize()));
  }

  private static NDArray[] arrays(NDManager scope, VisionWindows windows) {
    Shape shape = new Shape(windows.count(), windows.length());
    return new NDArray[] {
      scope.create(windows.index(), shape),
      scope.create(windows.keep(), shape),
      scope.create(windows.home())
    };
  }
}
