package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.Family;
import dev.assay.checkpoint.VisionConfig;
import dev.assay.kernels.Kernels;
import dev.assay.prompt.Grid;
import dev.assay.prompt.Patches;
import java.util.ArrayList;
import java.util.List;

/** Turns patches into the decoder's image tokens. Images of any sizes go through together. */
final class VisionTower {
  /**
   * The tower's weights, in the order its kernels take them.
   *
   * @param projection of a patch: {@code [hidden, channels, temporal, patch, patch]}
   */
  record Parameters(NDArray projection, List<NDList> blocks, NDList merger) {
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
      List<NDList> blocks = new ArrayList<>();
      boolean qwen2 = family == Family.QWEN2_VL;
      for (int i = 0; i < config.blocks(); i++) {
        String name = "visual.blocks." + i + ".";
        blocks.add(qwen2 ? qwen2Block(config, source, name) : qwen25Block(config, source, name));
      }
      long merged = d * config.merge() * config.merge();
      NDList merger = new NDList(source.tensor("visual.merger.ln_q.weight", d));
      if (qwen2) {
        merger.add(source.tensor("visual.merger.ln_q.bias", d));
      }
      linear(merger, source, "visual.merger.mlp.0", merged, merged);
      linear(merger, source, "visual.merger.mlp.2", config.output(), merged);
      return new Parameters(projection, blocks, merger);
    }
  }

  private final VisionConfig config;
  private final boolean qwen2;
  private final NDArray projection;
  private final List<NDList> blocks;
  private final NDList merger;
  private final Rotary rotary;

  VisionTower(Family family, VisionConfig config, TensorSource source, NDManager owner) {
    Parameters parameters = Parameters.of(family, config, source);
    this.config = config;
    this.qwen2 = family == Family.QWEN2_VL;
    this.projection = parameters.projection().reshape(config.hidden(), config.patchSize());
    this.blocks = parameters.blocks();
    this.merger = parameters.merger();
    this.rotary = Rotary.of(config, owner);
  }

  private static NDList qwen2Block(VisionConfig config, TensorSource source, String name) {
    long d = config.hidden();
    NDList block = new NDList();
    block.add(source.tensor(name + "norm1.weight", d));
    block.add(source.tensor(name + "norm1.bias", d));
    linear(block, source, name + "attn.qkv", 3 * d, d);
    linear(block, source, name + "attn.proj", d, d);
    block.add(source.tensor(name + "norm2.weight", d));
    block.add(source.tensor(name + "norm2.bias", d));
    linear(block, source, name + "mlp.fc1", config.intermediate(), d);
    linear(block, source, name + "mlp.fc2", d, config.intermediate());
    return block;
  }

  private static NDList qwen25Block(VisionConfig config, TensorSource source, String name) {
    long d = config.hidden();
    NDList block = new NDList(source.tensor(name + "norm1.weight", d));
    linear(block, source, name + "attn.qkv", 3 * d, d);
    linear(block, source, name + "attn.proj", d, d);
    block.add(source.tensor(name + "norm2.weight", d));
    linear(block, source, name + "mlp.gate_proj", config.intermediate(), d);
    linear(block, source, name + "mlp.up_proj", config.intermediate(), d);
    linear(block, source, name + "mlp.down_proj", d, config.intermediate());
    return block;
  }

  private static void linear(NDList list, TensorSource source, String name, long out, long in) {
    list.add(source.tensor(name + ".weight", out, in));
    list.add(source.tensor(name + ".bias", out));
  }

  /**
   * Features of several images, one after the other: {@code [sum of image tokens, hidden]}.
   *
   * @param scope owns the result
   */
  NDArray forward(NDManager scope, Kernels kernels, List<Patches> images) {
    try (NDManager inner = scope.newSubManager()) {
      List<Grid> grids = images.stream().map(Patches::grid).toList();
      NDList turn = rotary.at(inner, kernels, Rotary.patchPositions(grids, config.merge()));
      NDArray[] whole = arrays(inner, VisionWindows.whole(grids));
      NDArray[] square =
          config.window() == 0 ? whole : arrays(inner, VisionWindows.square(grids, config));
      NDArray x = kernels.apply(inner, "patch_embedding", patches(inner, images), projection);
      for (int i = 0; i < blocks.size(); i++) {
        NDArray[] seen = config.fullAttention().contains(i) ? whole : square;
        NDArray next =
            kernels.apply(
                inner,
                qwen2 ? "vision_block_qwen2" : "vision_block_qwen2_5",
                x,
                turn.get(0),
                turn.get(1),
                seen[0],
                seen[1],
                seen[2],
                blocks.get(i));
        x.close();
        x = next;
      }
      NDArray merged = kernels.apply(inner, qwen2 ? "merge_qwen2" : "merge_qwen2_5", x, merger);
      merged.attach(scope);
      return merged;
    }
  }

  private NDArray patches(NDManager scope, List<Patches> images) {
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
